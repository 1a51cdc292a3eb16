// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
internal import Synchronization
internal import Tasklets

/// Sockets at which threads block.
///
/// A tasklet that finds nothing to read blocks its thread in ppoll(2), on the socket and on an eventfd, by which other
/// tasklets interrupt it; then it tries again.
final class BlockingSockets: Poller, @unchecked Sendable {
    // SAFETY: the idle eventfds are touched with the scheduler's lock held.
    private var idleInterrupters: [CInt] = []
    private let polls = Atomic<UInt64>(0)
    private let signals = Atomic<UInt64>(0)
    let calls: SocketCalls

    init(_ faults: SocketFaults?) { calls = SocketCalls(faults) }

    deinit { for interrupter in idleInterrupters { linux_close(interrupter) } }

    var remembersReadiness: Bool { false }

    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {}

    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {}

    func close(_ endpoint: SocketEndpoint, _ descriptor: CInt) { linux_close(descriptor) }

    /// Blocks the calling thread, whose tasklet waits at a socket, until an attempt is worth while, or until something
    /// else wakes the tasklet.
    ///
    /// With the lock held; returns without it. The descriptor stays open meanwhile, or its closing wakes the tasklet.
    func park(_ node: NodePointer, on thread: TaskletThread, _ runner: ConcurrentRunner) {
        guard let endpoint = node.endpoint as? SocketEndpoint, let interrupter = takeInterrupter() else {
            return nap(node, thread, runner)
        }
        thread.interrupter = interrupter
        let deadline = deadline(of: node)
        let descriptor = endpoint.number
        let isReading = node.pointee.operation == .read || node.pointee.operation == .accept
        runner.unlock()
        let hasExpired = !block(descriptor, isReading: isReading, interrupter, until: deadline)
        let continues = hasExpired ? runner.expireIfWaiting(node) : runner.retryIfPerforming(node)
        // Something else has woken the tasklet: the eventfd was written to, or is about to be.
        if !continues { drain(interrupter) }
        runner.withLock {
            thread.interrupter = -1
            idleInterrupters.append(interrupter)
        }
    }

    private func deadline(of node: NodePointer) -> Deadline {
        node.pointee.timer.isSet ? node.pointee.timer.deadline : .never
    }

    /// Without descriptors, nothing could interrupt the thread while it waits at the socket: it parks for a moment
    /// instead, and tries again.
    private func nap(_ node: NodePointer, _ thread: TaskletThread, _ runner: ConcurrentRunner) {
        let deadline = deadline(of: node)
        runner.unlock()
        if thread.parker.park(until: min(deadline, .after(Self.nap))) { return }
        let continues = deadline <= .now ? runner.expireIfWaiting(node) : runner.retryIfPerforming(node)
        // Something else has woken the tasklet: that unpark has come, or is about to, and must not be taken for the
        // next one.
        if !continues { thread.parker.park() }
    }

    private static let nap = Duration.milliseconds(5)

    /// Returns false when the deadline passes first.
    private func block(_ descriptor: CInt, isReading: Bool, _ interrupter: CInt, until deadline: Deadline) -> Bool {
        let wanted = Int16(isReading ? linux_readable : linux_writable)
        var both = (
            linux_poll(descriptor: descriptor, wanted: wanted, events: 0),
            linux_poll(descriptor: interrupter, wanted: Int16(linux_readable), events: 0)
        )
        while true {
            polls.add(1, ordering: .relaxed)
            let count = Syscall.expect("ppoll") {
                withUnsafeMutablePointer(to: &both) { pointer in
                    pointer.withMemoryRebound(to: linux_poll.self, capacity: 2) {
                        linux_poll_all($0, 2, deadline.nanosecondsLeft)
                    }
                }
            }
            if count > 0 { return true }
            if deadline <= .now { return false }
        }
    }

    private func drain(_ interrupter: CInt) {
        var one = linux_poll(descriptor: interrupter, wanted: Int16(linux_readable), events: 0)
        repeat { Syscall.expect("ppoll") { linux_poll_all(&one, 1, -1) } } while linux_eventfd_drain(interrupter) <= 0
    }

    private func takeInterrupter() -> CInt? {
        if let interrupter = idleInterrupters.popLast() { return interrupter }
        let interrupter = linux_eventfd()
        return interrupter >= 0 ? interrupter : nil
    }

    /// Interrupts a thread that waits at a socket; returns whether it does.
    ///
    /// Without the lock: the thread waits for this before it gives its eventfd back.
    func interrupt(_ thread: TaskletThread) -> Bool {
        guard thread.interrupter >= 0 else { return false }
        signals.add(1, ordering: .relaxed)
        Syscall.expect("write") { linux_eventfd_signal(thread.interrupter) }
        return true
    }

    var systemCalls: [String: UInt64] {
        calls.counts.merging([
            "ppoll": polls.load(ordering: .relaxed), "write": signals.load(ordering: .relaxed),
        ]) { $0 + $1 }
        .filter { $0.value > 0 }
    }
}
