// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Dispatch
internal import SchedulerSupport
internal import Tasklets

/// The sockets at which tasklets wait, each watched by Dispatch sources, one a direction.
///
/// A source fires as long as its side of the socket is ready; so it is suspended while no tasklet waits, and when it
/// has fired. Dispatch requires that a descriptor is closed after its sources have been cancelled, and not before.
///
/// Writers have a duplicate of the descriptor. On Linux, Dispatch has one entry for all sources of a descriptor, and
/// files a source for reading that is added while one for writing waits with those for writing
/// (`_dispatch_unote_register_muxed` in libdispatch's event_epoll.c): it would not fire for what can be read.
final class DispatchSockets: Poller, @unchecked Sendable {
    // SAFETY: the table is touched with the scheduler's lock held; each source has a lock of its own.
    let remembersReadiness: Bool
    let calls: SocketCalls
    private let queue = DispatchQueue(label: "switchyard.sockets")
    private var watches: [ObjectIdentifier: [SocketEndpoint.Side: Watch]] = [:]

    init(remembersReadiness: Bool, _ faults: SocketFaults?) {
        self.remembersReadiness = remembersReadiness
        calls = SocketCalls(faults)
    }

    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) throws {
        let key = ObjectIdentifier(endpoint)
        let watch = try watches[key]?[side] ?? Watch(endpoint, side, queue)
        watches[key, default: [:]][side] = watch
        watch.resume()
    }

    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {
        watches[ObjectIdentifier(endpoint)]?[side]?.suspend()
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
}

/// One source, which is suspended or not.
private final class Watch: @unchecked Sendable {
    // SAFETY: the source is thread-safe, `state` has a lock, and nothing else changes.
    private let source: any DispatchSourceProtocol
    /// The duplicate that the source watches, where it does.
    private let copy: CInt?
    private let state = Guarded(State.suspended)

    private enum State { case suspended, active, cancelled }

    /// Throws ``SchedulerError`` with code `system`.
    init(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side, _ queue: DispatchQueue) throws {
        if side == .reading {
            copy = nil
            source = DispatchSource.makeReadSource(fileDescriptor: endpoint.number, queue: queue)
        } else {
            let copy = try Syscall.perform("fcntl") { linux_duplicate(endpoint.number) } ?? -1
            self.copy = copy
            source = DispatchSource.makeWriteSource(fileDescriptor: copy, queue: queue)
        }
        source.setEventHandler { [unowned self, weak endpoint, core = endpoint.core] in
            guard suspend() else { return }
            // Nothing to read is the end of the stream. It may be the last event: when a connection has ended in both
            // directions, Dispatch forgets the source (`_dispatch_event_merge_hangup` in event_epoll.c).
            let isExceptional = side == .reading && source.data == 0
            core.runner.performLater { [weak endpoint] in
                endpoint?.becameReady(side, isExceptional: isExceptional)
            }
        }
    }

    func resume() {
        state.withLock { state in
            guard state == .suspended else { return }
            source.resume()
            state = .active
        }
    }

    /// Returns whether it was active.
    @discardableResult
    func suspend() -> Bool {
        state.withLock { state in
            guard state == .active else { return false }
            source.suspend()
            state = .suspended
            return true
        }
    }

    /// Dispatch cancels a suspended source only once it is resumed.
    func cancel(_ done: @escaping @Sendable () -> Void) {
        source.setCancelHandler { [self] in
            if let copy { linux_close(copy) }
            done()
        }
        state.withLock { state in
            source.cancel()
            if state == .suspended { source.resume() }
            // A handler that is running must not suspend it any more.
            state = .cancelled
        }
    }
}
