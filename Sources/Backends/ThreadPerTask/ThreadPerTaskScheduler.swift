// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import SchedulerSupport
internal import Synchronization
package import Tasklets

/// A thread a tasklet: the kernel is the scheduler.
///
/// A tasklet that waits blocks its thread on a futex; one that is made ready has that futex woken; sleeping is waiting
/// with a deadline. Everybody may run at once, so nothing is in order.
package final class ThreadPerTaskScheduler: Strategy, @unchecked Sendable {
    // SAFETY: `core` is written before any thread is started; the rest is atomic.
    private unowned(unsafe) var core: SchedulerCore?
    /// Threads that have been started and have not come to their end, and a seat for whoever waits for the last.
    private let liveThreads = Atomic<Int>(0)
    private let idle: UnsafeMutablePointer<UInt32>
    private let sockets: BlockingSockets
    private let waits = Atomic<UInt64>(0)
    private let wakes = Atomic<UInt64>(0)

    /// What a thread reserves for its stack.
    ///
    /// The default of 8 MiB would exhaust the address space first.
    private static let stackSize = 512 * 1024

    /// Makes a scheduler.
    package static func make(_ options: SchedulerOptions, _ switching: Switching) throws -> SchedulerCore {
        SchedulerCore(
            strategy: ThreadPerTaskScheduler(options.socketFaults),
            options: options,
            switching: switching,
            isOrdered: false,
            swapsStacks: false
        )
    }

    private init(_ faults: SocketFaults?) {
        sockets = BlockingSockets(faults)
        idle = .allocate(capacity: 1)
        idle.initialize(to: 0)
    }

    deinit { idle.deallocate() }

    package func prepare(_ core: SchedulerCore) { self.core = core }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    /// Main is a tasklet like all others, but its thread is the caller's.
    package func run(_ core: SchedulerCore) {
        TimerSlack.withNone {
            if let main = core.main { TaskletThread(core: core, node: main).run() }
        }
        // The others' threads touch the scheduler until their very end; but those of tasklets that would not die never
        // come to it.
        while liveThreads.load(ordering: .acquiring) > core.abandonedCount { _ = linux_seat_wait(idle, -1) }
    }

    package func ready(_ node: NodePointer) {
        switch node.pointee.resumption {
        case .fresh: start(node)
        case .continuation: node.pointee.continuation.take()?.resume()
        case .soft, .hard, .job, .kernel: core?.wakeAfterUnlock(node)
        }
    }

    package func rise(_ node: NodePointer) {
        if sockets.rise(node) { return }
        wakes.add(1, ordering: .relaxed)
        linux_seat_rise(&node.pointee.seat)
    }

    private func start(_ node: NodePointer) {
        // The main tasklet runs on the thread that called `run`.
        guard let core, core.main != node else { return }
        guard liveThreads.load(ordering: .relaxed) < ThreadLimit.threads else {
            return core.failToStart(node, SchedulerError.noThread(for: node, "the limit is \(ThreadLimit.threads)"))
        }
        liveThreads.add(1, ordering: .relaxed)
        let thread = TaskletThread(core: core, node: node) { [self] in threadEnded() }
        guard let code = DetachedThread.start(stackSize: Self.stackSize, thread.run) else { return }
        liveThreads.subtract(1, ordering: .relaxed)
        core.failToStart(node, SchedulerError.noThread(for: node, String(cString: strerror(code))))
    }

    private func threadEnded() {
        liveThreads.subtract(1, ordering: .acquiringAndReleasing)
        linux_seat_rise(idle)
    }

    package func park(_ node: NodePointer) {
        guard let core else { return }
        if node.pointee.state == .performing { return sockets.park(node, of: core) }
        // Nobody can rise the seat before the lock is released, and whoever does so later finds it remembered.
        let deadline = node.pointee.hasDeadline ? Int64(clamping: node.pointee.deadline.nanoseconds) : -1
        core.resolveStallIfUnordered()
        core.releaseLock()
        waits.add(1, ordering: .relaxed)
        if linux_seat_wait(&node.pointee.seat, deadline) || core.wakeIfWaiting(node) { return }
        // Somebody else woke it in the very moment of its deadline: the seat has been risen, and must not stay so.
        _ = linux_seat_wait(&node.pointee.seat, -1)
    }

    package func yieldThread() { sched_yield() }

    /// A sleeper's own thread keeps its deadline; but one that sleeps on an actor was suspended by the runtime, and its
    /// thread waits for jobs: then the runtime's clock wakes it.
    package func arm(_ node: NodePointer) {
        guard node.pointee.resumption == .continuation, let core else { return }
        let tasklet = node.object
        let deadline = node.pointee.deadline
        // Held weakly: a deadline may be far off, and something else may end the wait.
        Task.detached { [weak core, weak tasklet] in
            while deadline > .now { try? await Task.sleep(for: .nanoseconds(deadline.nanosecondsLeft)) }
            if let core, let tasklet { core.wakeIfWaiting(tasklet, until: deadline) }
        }
    }

    package func disarm(_ node: NodePointer) {}

    package func finished() { linux_seat_rise(idle) }

    package var systemCalls: [String: UInt64] {
        let futexes = waits.load(ordering: .relaxed) + wakes.load(ordering: .relaxed)
        return sockets.systemCalls.merging(["futex": futexes]) { $0 + $1 }
    }
}

extension SchedulerError {
    fileprivate static func noThread(for node: NodePointer, _ reason: String) -> SchedulerError {
        shortage("no thread is to be had for \(node.object): \(reason); run fewer tasklets at a time")
    }
}
