// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
internal import Synchronization
internal import Tasklets

/// Sockets at which threads block.
///
/// A tasklet that finds nothing to read blocks its thread in ppoll(2), on the socket and on an eventfd, by which it can be
/// killed; then it tries again. One that runs on an actor holds it meanwhile: its thread has nothing else to do.
final class BlockingSockets: Poller, @unchecked Sendable {
    // SAFETY: the alarms are touched with the scheduler's lock held.
    private var idleAlarms: [CInt] = []
    private let polls = Atomic<UInt64>(0)
    private let signals = Atomic<UInt64>(0)
    let calls: SocketCalls

    init(_ faults: SocketFaults?) { calls = SocketCalls(faults) }

    deinit { for alarm in idleAlarms { linux_close(alarm) } }

    var isOrdered: Bool { false }

    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {}

    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {}

    func close(_ endpoint: SocketEndpoint, _ descriptor: CInt) { linux_close(descriptor) }

    /// Blocks the calling thread, whose tasklet waits at a socket, until an attempt is worth while, or until something
    /// else wakes the tasklet.
    ///
    /// With the lock held; returns without it. The descriptor stays open meanwhile, or its closing wakes the tasklet.
    func park(_ node: NodePointer, of core: SchedulerCore) {
        guard let endpoint = node.endpoint as? SocketEndpoint, let alarm = takeAlarm() else { return nap(node, core) }
        node.pointee.alarm = alarm
        let deadline = deadline(of: node)
        let descriptor = endpoint.number
        let isReading = node.pointee.operation == .read || node.pointee.operation == .accept
        core.releaseLock()
        let hasExpired = !block(descriptor, isReading: isReading, alarm, until: deadline)
        let goesOn = hasExpired ? core.wakeIfWaiting(node) : core.continueOperation(node)
        // Somebody else has woken the tasklet: the alarm has been raised, or is just about to be.
        if !goesOn { drain(alarm) }
        core.withLock {
            node.pointee.alarm = -1
            idleAlarms.append(alarm)
        }
    }

    private func deadline(of node: NodePointer) -> Deadline {
        node.pointee.hasDeadline ? node.pointee.deadline : .never
    }

    /// Out of descriptors, there is nothing by which the tasklet could be killed while its thread looks at the socket: so it
    /// sleeps for a moment instead, on the seat, and tries again.
    private func nap(_ node: NodePointer, _ core: SchedulerCore) {
        let deadline = deadline(of: node)
        let end = min(deadline, .after(Self.nap))
        core.releaseLock()
        if linux_seat_wait(&node.pointee.seat, Int64(clamping: end.nanoseconds)) { return }
        let goesOn = deadline <= .now ? core.wakeIfWaiting(node) : core.continueOperation(node)
        // Somebody else has woken the tasklet: the seat has been risen, or is just about to be, and must not stay so.
        if !goesOn { _ = linux_seat_wait(&node.pointee.seat, -1) }
    }

    private static let nap = Duration.milliseconds(5)

    /// Returns false when the deadline has come first.
    private func block(_ descriptor: CInt, isReading: Bool, _ alarm: CInt, until deadline: Deadline) -> Bool {
        let wanted = Int16(isReading ? linux_readable : linux_writable)
        var both = (
            linux_poll(descriptor: descriptor, wanted: wanted, events: 0),
            linux_poll(descriptor: alarm, wanted: Int16(linux_readable), events: 0)
        )
        while true {
            polls.add(1, ordering: .relaxed)
            let count = withUnsafeMutablePointer(to: &both) { pointer in
                pointer.withMemoryRebound(to: linux_poll.self, capacity: 2) {
                    linux_poll_all($0, 2, deadline.nanosecondsLeft)
                }
            }
            if count > 0 { return true }
            if deadline <= .now { return false }
        }
    }

    private func drain(_ alarm: CInt) {
        var one = linux_poll(descriptor: alarm, wanted: Int16(linux_readable), events: 0)
        while linux_poll_all(&one, 1, -1) <= 0 {}
        _ = linux_eventfd_drain(alarm)
    }

    private func takeAlarm() -> CInt? {
        if let alarm = idleAlarms.popLast() { return alarm }
        let alarm = linux_eventfd()
        return alarm >= 0 ? alarm : nil
    }

    /// Wakes a tasklet whose thread blocks here; returns whether it does.
    func rise(_ node: NodePointer) -> Bool {
        guard node.pointee.alarm >= 0 else { return false }
        signals.add(1, ordering: .relaxed)
        Syscall.expect("write") { linux_eventfd_signal(node.pointee.alarm) }
        return true
    }

    var systemCalls: [String: UInt64] {
        calls.counts.merging([
            "ppoll": polls.load(ordering: .relaxed), "write": signals.load(ordering: .relaxed),
        ]) { $0 + $1 }
        .filter { $0.value > 0 }
    }
}
