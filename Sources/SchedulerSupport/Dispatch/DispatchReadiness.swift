// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Dispatch
internal import Tasklets

/// An epoll instance for the sockets of all Dispatch schedulers, which one Dispatch source watches.
///
/// The sockets have no sources of their own, because libdispatch may crash when a socket with one hangs up: its manager
/// thread hands the event to the source, whose queue then drops the source and frees what the manager thread is still
/// reading (`_dispatch_event_merge_hangup` and `_dispatch_unote_unregister_muxed` in libdispatch's event_epoll.c). An
/// epoll instance never hangs up, and its source is never cancelled.
///
/// A socket is registered when a tasklet first waits at it, and armed for one event each time that a tasklet waits. The
/// kernel looks at the socket when it is armed, so nothing that came before is missed. Events are handled one after
/// another, of all schedulers; handling one is no more than telling its scheduler.
final class DispatchReadiness: @unchecked Sendable {
    // SAFETY: the table has a lock, and nothing else changes.
    private static let opened = Guarded<DispatchReadiness?>(nil)
    private static let maximumEvents = 256
    private let epoll: CInt
    private let source: any DispatchSourceRead
    private let table = Guarded(ReadinessTable())

    /// The process's instance, which the first call opens.
    ///
    /// Throws ``SchedulerError`` with code `system` when no descriptor is left.
    static func shared() throws(SchedulerError) -> DispatchReadiness {
        try opened.withLock { opened throws(SchedulerError) in
            if let opened { return opened }
            let readiness = try DispatchReadiness()
            opened = readiness
            return readiness
        }
    }

    private init() throws(SchedulerError) {
        epoll = try Syscall.perform("epoll_create1") { linux_epoll_create() } ?? -1
        source = DispatchSource.makeReadSource(fileDescriptor: epoll, queue: DispatchQueue(label: "switchyard.sockets"))
        source.setEventHandler { [unowned self] in handleEvents() }
        source.activate()
    }

    /// Reports the side once, at once if it is ready already; returns whether that took a system call.
    ///
    /// Called with the lock of the endpoint's scheduler held. Throws ``SchedulerError`` with code `system` where the
    /// kernel cannot watch another socket.
    func arm(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) throws -> Bool {
        try table.withLock { table in
            let isNew = endpoint.slot < 0
            let slot = isNew ? table.insert(endpoint) : endpoint.slot
            // An event may be on its way to `handleEvents`, which needs the lock: it is reported then.
            guard table.slots[slot].armed.insert(Sides(side)).inserted else { return false }
            do {
                _ = try Syscall.perform("epoll_ctl") { table.control(slot, of: epoll, isNew: isNew) }
            } catch {
                table.slots[slot].armed.remove(Sides(side))
                if isNew { _ = table.remove(endpoint) }
                throw error
            }
            return true
        }
    }

    /// Events that come later are dropped.
    ///
    /// Called with the lock of the endpoint's scheduler held, before its descriptor is closed, which removes it from
    /// the epoll instance.
    func forget(_ endpoint: SocketEndpoint) {
        // The scheduler is released without the lock.
        _ = table.withLock { $0.remove(endpoint) }
    }

    /// On the source's queue.
    ///
    /// Events that do not fit make the source fire again.
    private func handleEvents() {
        withUnsafeTemporaryAllocation(of: linux_event.self, capacity: Self.maximumEvents) { events in
            guard let start = events.baseAddress else { return }
            let count = Syscall.expect("epoll_pwait2") { linux_epoll_events(epoll, start, CInt(events.count), 0) }
            for event in events.prefix(Int(count)) { handle(event) }
        }
    }

    private func handle(_ event: linux_event) {
        let sides = Sides(of: event)
        guard let owner = table.withLock({ $0.disarm(event.data, sides, of: epoll) }) else { return }
        let isExceptional = event.events & UInt32(linux_failed | linux_hung_up | linux_read_hung_up) != 0
        // The run may end, and the scheduler be dropped, while this call is still on its way out.
        withExtendedLifetime(owner) {
            owner.core.runner.performLater { [endpoint = owner.endpoint] in
                if sides.contains(.reading) { endpoint.becameReady(.reading, isExceptional: isExceptional) }
                if sides.contains(.writing) { endpoint.becameReady(.writing, isExceptional: isExceptional) }
            }
        }
    }
}
