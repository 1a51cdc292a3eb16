// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Tasklets

/// The sockets that tasklets have waited at, as ``DispatchReadiness`` knows them.
///
/// The kernel's events name a slot and its generation, so an event of a socket that was closed since is not taken for
/// one of the slot's next socket.
struct ReadinessTable {
    struct Slot {
        var owner: Owner?
        var generation: UInt32 = 0
        /// What tasklets wait for, and the kernel has not reported yet, or ``DispatchReadiness`` not handled.
        var armed: Sides = []
    }

    /// The scheduler lives for as long as its socket may be reported.
    struct Owner {
        let endpoint: SocketEndpoint
        let core: SchedulerCore
    }

    var slots: [Slot] = []
    private var free: [Int] = []

    mutating func insert(_ endpoint: SocketEndpoint) -> Int {
        if free.isEmpty {
            free.append(slots.count)
            slots.append(Slot())
        }
        let slot = free.removeLast()
        slots[slot].owner = Owner(endpoint: endpoint, core: endpoint.core)
        endpoint.slot = slot
        return slot
    }

    mutating func remove(_ endpoint: SocketEndpoint) -> Owner? {
        guard endpoint.slot >= 0 else { return nil }
        let owner = slots[endpoint.slot].owner
        slots[endpoint.slot] = Slot(generation: slots[endpoint.slot].generation &+ 1)
        free.append(endpoint.slot)
        endpoint.slot = -1
        return owner
    }

    /// Has the kernel report what is armed, once.
    func control(_ slot: Int, of epoll: CInt, isNew: Bool) -> CInt {
        guard let endpoint = slots[slot].owner?.endpoint else { return 0 }
        let data = UInt64(slots[slot].generation) << 32 | UInt64(slot)
        return linux_epoll_arm(epoll, endpoint.number, slots[slot].armed.rawValue, data, isNew)
    }

    /// Notes that the kernel has reported these sides, and has it report the rest, too; returns nil for a socket that is
    /// closed.
    ///
    /// The kernel forgot what was armed when it reported. A side that was armed since is armed again, which is harmless.
    mutating func disarm(_ data: UInt64, _ sides: Sides, of epoll: CInt) -> Owner? {
        let slot = Int(data & 0xffff_ffff)
        guard slots[slot].generation == UInt32(data >> 32), let owner = slots[slot].owner else { return nil }
        slots[slot].armed.subtract(sides)
        if !slots[slot].armed.isEmpty { Syscall.expect("epoll_ctl") { control(slot, of: epoll, isNew: false) } }
        return owner
    }
}

/// Reading, writing, or both, as bits of epoll(7).
struct Sides: OptionSet {
    let rawValue: UInt32

    static let reading = Sides(rawValue: UInt32(linux_readable | linux_read_hung_up))
    static let writing = Sides(rawValue: UInt32(linux_writable))
}

extension Sides {
    init(_ side: SocketEndpoint.Side) { self = side == .reading ? .reading : .writing }

    /// What is worth an attempt after an event.
    init(of event: linux_event) {
        guard event.events & UInt32(linux_failed | linux_hung_up) == 0 else {
            self = [.reading, .writing]
            return
        }
        self = []
        if event.events & Sides.reading.rawValue != 0 { formUnion(.reading) }
        if event.events & Sides.writing.rawValue != 0 { formUnion(.writing) }
    }
}
