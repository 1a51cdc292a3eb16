// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
internal import Tasklets

/// The sockets that an epoll instance watches.
///
/// Each is registered once, when somebody first has to wait at it, edge-triggered and for both directions; so waiting
/// costs no system call, and what the kernel tells while nobody waits is noted in the socket. Events name a slot and its
/// generation: one that was closed, and its slot taken by another, since the events were fetched, is not mistaken.
final class EpollSockets: Poller, @unchecked Sendable {
    // SAFETY: touched on the loop's thread, or while that does not run.

    /// What the wake-up's events are told by.
    static let alarm: UInt64 = 0

    private struct Slot {
        var endpoint: SocketEndpoint?
        /// From 1, so that no event is the alarm's.
        var generation: UInt32 = 1
    }

    private let epoll: CInt
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private let events: UnsafeMutablePointer<linux_event>
    private static let mostEvents = 256
    private var waits: UInt64 = 0
    private var controls: UInt64 = 0
    let calls: SocketCalls

    init(epoll: CInt, _ faults: SocketFaults?) {
        self.epoll = epoll
        calls = SocketCalls(faults)
        events = .allocate(capacity: Self.mostEvents)
    }

    deinit { events.deallocate() }

    var isOrdered: Bool { true }

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

    /// The kernel goes on telling, and the socket remembers.
    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {}

    /// Closing a descriptor takes it out of the instance.
    func close(_ endpoint: SocketEndpoint, _ descriptor: CInt) {
        linux_close(descriptor)
        guard endpoint.slot >= 0 else { return }
        slots[endpoint.slot].endpoint = nil
        slots[endpoint.slot].generation &+= 1
        if slots[endpoint.slot].generation == 0 { slots[endpoint.slot].generation = 1 }
        freeSlots.append(endpoint.slot)
        endpoint.slot = -1
    }

    /// Waits for events, `limit` nanoseconds at most, for ever where that is negative, and passes them on.
    func lookFor(events limit: Int64) {
        waits += 1
        var count = 0
        Syscall.expect("epoll_pwait2") {
            let found = linux_epoll_events(epoll, events, CInt(Self.mostEvents), limit)
            count = Int(found)
            return found
        }
        for index in 0..<max(count, 0) { passOn(events[index]) }
    }

    private func passOn(_ event: linux_event) {
        guard event.data != Self.alarm else { return }
        let slot = Int(event.data & 0xffff_ffff)
        guard slots[slot].generation == UInt32(event.data >> 32), let endpoint = slots[slot].endpoint else { return }
        let hasFailed = event.events & UInt32(linux_failed | linux_hung_up) != 0
        // A read stops before an urgent byte: that it has brought little does not say that nothing is left.
        let isOdd = hasFailed || event.events & UInt32(linux_read_hung_up | linux_urgent) != 0
        if isOdd || event.events & UInt32(linux_readable) != 0 {
            endpoint.becameReady(.reading, isOdd: isOdd)
        }
        if hasFailed || event.events & UInt32(linux_writable) != 0 {
            endpoint.becameReady(.writing, isOdd: hasFailed)
        }
    }

    var systemCalls: [String: UInt64] {
        var all = calls.counts
        all["epoll_pwait2"] = waits
        if controls > 0 { all["epoll_ctl"] = controls }
        return all
    }
}
