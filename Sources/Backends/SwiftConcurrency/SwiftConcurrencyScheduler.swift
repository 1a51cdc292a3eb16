// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import SchedulerSupport
package import Tasklets

/// What a program gets from Swift as it is: a tasklet is an unstructured `Task` on the global concurrent executor.
///
/// It has no executor of ours, so the runtime's pool alone decides who runs next, where, and how many at a time. A
/// tasklet parks by suspending with a continuation, and yields with `Task.yield`. Channels, deadlines and the rest are
/// the core's, under one lock for each scheduler; there is no order.
///
/// The pool belongs to the process, and on Linux libdispatch decides how wide it is. For each priority it runs at most
/// as many tasks at a time as the machine has processors, on as many threads as the process may use processors when
/// libdispatch is loaded. Threads that block are not replaced, or only up to the former number, after a second. So
/// nothing here blocks one. A wait in synchronous code is refused, even where it would be over at once: whether it
/// would is a matter of luck. Main is a task like all others, and the thread that called `run` sleeps meanwhile. Where
/// that is one of the pool's, the tasklets have another priority than its task, and so threads of their own.
///
/// Deadlines are kept in a heap, with one timer of Dispatch's, and sockets are watched by Dispatch, as the backend
/// `dispatch` does with several workers. `Task.sleep` has a timer of Dispatch's for each deadline, which outlives a
/// cancelled sleep; and for sockets the runtime has nothing.
package final class SwiftConcurrencyScheduler: ConcurrentDriver, @unchecked Sendable {
    // SAFETY: `runner` is written before the first run; the semaphore is thread-safe; the rest is touched with the
    // scheduler's lock held.
    private unowned(unsafe) var runner: ConcurrentRunner?
    private let timers = DispatchTimers()
    private let sockets: DispatchSockets
    private let allEnded = DispatchSemaphore(value: 0)

    /// Makes a scheduler.
    package static func make(_ options: SchedulerOptions, _ switching: Switching) -> SchedulerCore {
        let driver = SwiftConcurrencyScheduler(options.socketFaults)
        let core = SchedulerCore(driver, switching: switching, options: options)
        driver.attach(to: core)
        return core
    }

    private init(_ faults: SocketFaults?) { sockets = DispatchSockets(remembersReadiness: false, faults) }

    private func attach(to core: SchedulerCore) {
        runner = core.concurrentRunner
        timers.activate(for: core)
    }

    // MARK: Runs

    package func checkMayRun() throws(SchedulerError) {
        _ = try RuntimePool.priorityOfTasklets()
        try DispatchDescriptors.open()
        try MainQueue.check()
    }

    /// The last tasklet wakes the caller with the lock held; its task keeps the scheduler until it has released that.
    package func run(_ runner: ConcurrentRunner) {
        runner.startMainOnPool(priority: try? RuntimePool.priorityOfTasklets())
        MainQueue.served { [allEnded] in allEnded.wait() }
    }

    package func finished() { allEnded.signal() }

    // MARK: Tasklets

    package var usesRuntimePool: Bool { true }

    /// `run` starts main.
    package func enqueue(_ node: NodePointer) {
        guard let runner, runner.main != node || node.pointee.resumption != .fresh else { return }
        runner.resumeOnPoolAfterUnlock(node)
    }

    /// The runtime has it.
    package func unpark(_ node: NodePointer) { runner?.resumeOnPool(node) }

    /// Never called: what is ready counts as running.
    package func dequeue(_ node: NodePointer) -> Bool { false }

    /// Never called: a yield is the runtime's.
    package var hasOthersReady: Bool { false }
    package func yieldThread() {}

    /// Never called: no task prefers the scheduler.
    package func enqueue(_ job: UnownedJob) { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }

    // MARK: Waiting in synchronous code

    package func prepareToPark(_ node: NodePointer) throws { throw SchedulerError.noWaitOnPool() }

    package func park(_ node: NodePointer) { preconditionFailure("a tasklet blocks a thread of the runtime's pool") }

    // MARK: Deadlines and sockets

    package func arm(_ node: NodePointer) { timers.insert(node) }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    package var systemCalls: [String: UInt64] { sockets.systemCalls }
}

extension SchedulerError {
    fileprivate static func noWaitOnPool() -> SchedulerError {
        SchedulerError(
            .unsupported,
            "swift-concurrency does not wait in synchronous code, which would block a thread of Swift's own pool; await "
                + "the asynchronous operation"
        )
    }
}
