// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Dispatch
internal import SchedulerSupport
internal import Tasklets

/// The sockets at which tasklets wait, each watched by Dispatch sources, one a direction.
///
/// A source fires as long as the kernel's side is ready; so it is suspended while nobody waits, and when it has fired.
/// Dispatch wants a descriptor closed when its sources have been cancelled, and not before.
final class DispatchSockets: Poller, @unchecked Sendable {
    // SAFETY: `owner` is written once, before use; the table is touched in the scheduler's order; each source has a lock.
    private unowned(unsafe) var owner: SchedulerCore?
    let isOrdered: Bool
    let calls: SocketCalls
    private let queue = DispatchQueue(label: "switchyard.sockets")
    private var watches: [ObjectIdentifier: [SocketEndpoint.Side: Watch]] = [:]

    init(isOrdered: Bool, _ faults: SocketFaults?) {
        self.isOrdered = isOrdered
        calls = SocketCalls(faults)
    }

    func use(_ core: SchedulerCore) { owner = core }

    var core: SchedulerCore {
        guard let owner else { preconditionFailure("sockets without a scheduler") }
        return owner
    }

    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {
        let key = ObjectIdentifier(endpoint)
        let watch = watches[key]?[side] ?? makeWatch(endpoint, side)
        watches[key, default: [:]][side] = watch
        watch.resume()
    }

    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {
        watches[ObjectIdentifier(endpoint)]?[side]?.suspend()
    }

    private func makeWatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) -> Watch {
        let source: any DispatchSourceProtocol =
            side == .reading
            ? DispatchSource.makeReadSource(fileDescriptor: endpoint.number, queue: queue)
            : DispatchSource.makeWriteSource(fileDescriptor: endpoint.number, queue: queue)
        let watch = Watch(source)
        source.setEventHandler { [core, unowned watch, weak endpoint] in
            guard watch.suspend(), let endpoint else { return }
            core.inOrder { endpoint.becameReady(side, hasHungUp: false) }
        }
        return watch
    }

    func close(_ endpoint: SocketEndpoint, _ descriptor: CInt) {
        guard let watches = watches.removeValue(forKey: ObjectIdentifier(endpoint)) else {
            linux_close(descriptor)
            return
        }
        let allCancelled = DispatchGroup()
        for watch in watches.values {
            allCancelled.enter()
            watch.cancel { allCancelled.leave() }
        }
        allCancelled.notify(queue: queue) { linux_close(descriptor) }
    }

    /// One source, which is suspended or not.
    private final class Watch: @unchecked Sendable {
        // SAFETY: the source is thread-safe, and the flag has a lock.
        private let source: any DispatchSourceProtocol
        private let isActive = Guarded(false)

        init(_ source: any DispatchSourceProtocol) { self.source = source }

        func resume() {
            isActive.withLock { isActive in
                if !isActive { source.resume() }
                isActive = true
            }
        }

        /// Returns whether it was not suspended already.
        @discardableResult
        func suspend() -> Bool {
            isActive.withLock { isActive in
                if isActive { source.suspend() }
                defer { isActive = false }
                return isActive
            }
        }

        /// A suspended source is not cancelled before it is resumed.
        func cancel(_ done: @escaping @Sendable () -> Void) {
            source.setCancelHandler { [self] in withExtendedLifetime(self, done) }
            source.cancel()
            resume()
        }
    }
}
