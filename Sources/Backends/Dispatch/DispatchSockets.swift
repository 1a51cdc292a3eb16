// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Dispatch
internal import SchedulerSupport
internal import Tasklets

/// The sockets at which tasklets wait, each watched by Dispatch sources, one a direction.
///
/// A source fires as long as the kernel's side is ready; so it is suspended while nobody waits, and when it has fired.
/// Dispatch wants a descriptor closed when its sources have been cancelled, and not before.
///
/// Those who write are waited for on a descriptor of their own. On Linux, Dispatch has one entry for all sources of a
/// descriptor, and where one is added for reading while one for writing is waiting, it files it with those for writing
/// (`_dispatch_unote_register_muxed` in libdispatch's event_epoll.c): it would not be told of what can be read.
final class DispatchSockets: Poller, @unchecked Sendable {
    // SAFETY: the table is touched in the scheduler's order; each source has a lock.
    let isOrdered: Bool
    let calls: SocketCalls
    private let queue = DispatchQueue(label: "switchyard.sockets")
    private var watches: [ObjectIdentifier: [SocketEndpoint.Side: Watch]] = [:]

    init(isOrdered: Bool, _ faults: SocketFaults?) {
        self.isOrdered = isOrdered
        calls = SocketCalls(faults)
    }

    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) throws {
        let key = ObjectIdentifier(endpoint)
        let watch = try watches[key]?[side] ?? makeWatch(endpoint, side)
        watches[key, default: [:]][side] = watch
        watch.resume()
        if endpoint.hasFinishedWriting { lookForHangUp(endpoint, side, watch) }
    }

    /// Looks for a hang-up every now and then, where that is the next thing to come.
    ///
    /// Dispatch loses one that comes before a source that was resumed is back in its epoll set, which happens on another
    /// thread, and never fires again then.
    private func lookForHangUp(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side, _ watch: Watch) {
        guard !watch.isLookedAfter else { return }
        watch.isLookedAfter = true
        queue.asyncAfter(deadline: .now() + .milliseconds(1)) { [core = endpoint.core, weak endpoint, weak watch] in
            core.inOrder { [weak endpoint, weak watch] in
                guard let endpoint, let watch else { return }
                watch.isLookedAfter = false
                guard watch.isWatching else { return }
                if self.hasHungUp(endpoint) {
                    endpoint.becameReady(side, isOdd: true)
                } else {
                    self.lookForHangUp(endpoint, side, watch)
                }
            }
        }
    }

    private func hasHungUp(_ endpoint: SocketEndpoint) -> Bool {
        var one = linux_poll(descriptor: endpoint.number, wanted: 0, events: 0)
        return linux_poll_all(&one, 1, 0) > 0
    }

    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {
        watches[ObjectIdentifier(endpoint)]?[side]?.suspend()
    }

    private func makeWatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) throws -> Watch {
        let watch = try side == .reading ? makeReadWatch(endpoint.number) : makeWriteWatch(endpoint.number)
        watch.source.setEventHandler { [core = endpoint.core, unowned watch, weak endpoint] in
            guard watch.suspend(), let endpoint else { return }
            core.inOrder { endpoint.becameReady(side, isOdd: false) }
        }
        return watch
    }

    private func makeReadWatch(_ descriptor: CInt) -> Watch {
        Watch(DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue))
    }

    private func makeWriteWatch(_ descriptor: CInt) throws -> Watch {
        let copy = try Syscall.perform("fcntl") { linux_duplicate(descriptor) } ?? -1
        return Watch(DispatchSource.makeWriteSource(fileDescriptor: copy, queue: queue), owning: copy)
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
        // SAFETY: the source is thread-safe, `isActive` has a lock, and `isLookedAfter` is touched in the scheduler's
        // order.
        let source: any DispatchSourceProtocol
        private let copy: CInt?
        private let isActive = Guarded(false)
        var isLookedAfter = false

        /// Takes over the copy of a descriptor that the source is for, where it is one.
        init(_ source: any DispatchSourceProtocol, owning copy: CInt? = nil) {
            self.source = source
            self.copy = copy
        }

        var isWatching: Bool { isActive.withLock { $0 } }

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
            source.setCancelHandler { [self] in
                if let copy { linux_close(copy) }
                done()
            }
            source.cancel()
            resume()
        }
    }
}
