// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
internal import Tasklets

/// The sockets that an epoll instance watches.
///
/// Each is registered once, when a tasklet first has to wait at it, edge-triggered and for both directions; so waiting
/// costs no system call, and the socket remembers what the kernel reports while no tasklet waits. Events name a slot
/// and its generation, so an event of a socket that was closed since is not taken for one of the slot's next socket.
final class EpollSockets: Poller, @unchecked Sendable {
    // SAFETY: touched on the loop's thread, or while that does not run.

    /// The data of the wake-up's events.
    static let wakeUpData: UInt64 = 0

    private struct Slot {
        var endpoint: SocketEndpoint?
        /// From 1, so that no socket's event looks like the wake-up's.
        var generation: UInt32 = 1
    }

    private let epoll: CInt
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private let events: UnsafeMutablePointer<linux_event>
    private static let maximumEvents = 256
    private var waits: UInt64 = 0
    private var controls: UInt64 = 0
    let calls: SocketCalls

    init(epoll: CInt, _ faults: SocketFaults?) {
        self.epoll = epoll
        calls = SocketCalls(faults)
        events = .allocate(capacity: Self.maximumEvents)
    }

    deinit { events.deallocate() }

    var remembersReadiness: Bool { true }

    var areWatched: Bool { slots.count > freeSlots.count }

    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) throws {
        guard endpoint.slot < 0 else { return }
        let slot = takeSlot()
        let data = UInt64(slots[slot].generation) << 32 | UInt64(slot)
        controls += 1
        do {
            _ = try Syscall.perform("epoll_ctl") { linux_epoll_add_socket(epoll, endpoint.number, data) }
        } catch {
            freeSlots.append(slot)
            throw error
        }
        slots[slot].endpoint = endpoint
        endpoint.slot = slot
    }

    private func takeSlot() -> Int {
        if let slot = freeSlots.popLast() { return slot }
        slots.append(Slot())
        return slots.count - 1
    }

    /// The kernel goes on reporting, and the socket remembers.
    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {}

    /// Closing a descriptor removes it from the instance.
    func close(_ endpoint: SocketEndpoint, _ descriptor: CInt) {
        linux_close(descriptor)
        guard endpoint.slot >= 0 else { return }
        slots[endpoint.slot].endpoint = nil
        slots[endpoint.slot].generation &+= 1
        if slots[endpoint.slot].generation == 0 { slots[endpoint.slot].generation = 1 }
        freeSlots.append(endpoint.slot)
        endpoint.slot = -1
    }

    /// Waits for events, `timeout` nanoseconds at most, for ever where that is negative, and dispatches them.
    func pollEvents(timeout: Int64) {
        waits += 1
        var count = 0
        Syscall.expect("epoll_pwait2") {
            let found = linux_epoll_events(epoll, events, CInt(Self.maximumEvents), timeout)
            count = Int(found)
            return found
        }
        for index in 0..<max(count, 0) { dispatch(events[index]) }
    }

    private func dispatch(_ event: linux_event) {
        guard event.data != Self.wakeUpData else { return }
        let slot = Int(event.data & 0xffff_ffff)
        guard slots[slot].generation == UInt32(event.data >> 32), let endpoint = slots[slot].endpoint else { return }
        let hasFailed = event.events & UInt32(linux_failed | linux_hung_up) != 0
        // A read stops before an urgent byte: a short one does not mean that nothing is left.
        let isExceptional = hasFailed || event.events & UInt32(linux_read_hung_up | linux_urgent) != 0
        if isExceptional || event.events & UInt32(linux_readable) != 0 {
            endpoint.becameReady(.reading, isExceptional: isExceptional)
        }
        if hasFailed || event.events & UInt32(linux_writable) != 0 {
            endpoint.becameReady(.writing, isExceptional: hasFailed)
        }
    }

    var systemCalls: [String: UInt64] {
        var all = calls.counts
        all["epoll_pwait2"] = waits
        if controls > 0 { all["epoll_ctl"] = controls }
        return all
    }
}
