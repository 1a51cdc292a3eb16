// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Dispatch
internal import Glibc
internal import SchedulerSupport
package import Tasklets

/// Turns are work items on Dispatch queues, as many at a time as there are workers.
///
/// Ready tasklets wait in one first-in-first-out queue, and so do the runtime's jobs that are no tasklet's, such as
/// those of actors and child tasks; but since several run at once, there is no order. Each worker has a serial queue of
/// its own: threads that block below a concurrent one use up a pool of as many threads as there are processors. Those
/// below serial ones have a larger pool; ``SpareThreads`` keep that from being used up.
package final class ConcurrentDispatchScheduler: ConcurrentDriver, @unchecked Sendable {
    // SAFETY: everything is touched with the scheduler's lock held.
    /// Holding it does not keep its state, which belongs to the scheduler.
    private unowned(unsafe) var runner: ConcurrentRunner?
    private let workers: Int
    /// Queues whose last turn has ended; a worker takes one, or makes one.
    private var idleQueues: [DispatchQueue] = []
    private var readyTasklets = WaitQueue()
    private var readyJobs = FIFO<UnownedJob>()
    /// The other kind is next, where there are both.
    private var tookJob = false
    private var activeWorkers = 0
    /// The threads of workers that run a job.
    ///
    /// A run does not wait for them: an actor's job goes on for as long as others use the actor.
    private var jobThreads: Set<pthread_t> = []
    /// All tasklets have ended, and `run` was told.
    private var hasFinished = false
    private let timers = DispatchTimers()
    private let sockets: DispatchSockets
    private let allEnded = DispatchSemaphore(value: 0)

    static func make(workers: Int, _ options: SchedulerOptions, _ switching: Switching) -> SchedulerCore {
        let driver = ConcurrentDispatchScheduler(workers: workers, options.socketFaults)
        let core = SchedulerCore(driver, switching: switching, options: options)
        driver.attach(to: core)
        return core
    }

    private init(workers: Int, _ faults: SocketFaults?) {
        self.workers = workers
        sockets = DispatchSockets(remembersReadiness: false, faults)
    }

    private func attach(to core: SchedulerCore) {
        runner = core.concurrentRunner
        timers.activate(for: core)
    }

    package func checkMayRun() throws(SchedulerError) {
        try DispatchDescriptors.open()
        try MainQueue.check()
    }

    package func network(for core: SchedulerCore) -> any Network { SocketNetwork(core, sockets) }

    package var systemCalls: [String: UInt64] { sockets.systemCalls }

    package func run(_ runner: ConcurrentRunner) { MainQueue.served { [allEnded] in allEnded.wait() } }

    package func finished() {}

    package func enqueue(_ node: NodePointer) {
        if node.pointee.resumption == .kernel {
            runner?.wakeAfterUnlock(node)
        } else {
            // A new run has begun, if one had ended. Not cleared before: a worker of the last may still check it.
            hasFinished = false
            readyTasklets.append(node)
            activateWorker()
        }
    }

    package func dequeue(_ node: NodePointer) -> Bool {
        // A tasklet that a worker has taken counts as running already.
        readyTasklets.remove(node)
        return true
    }

    package var usesRuntimePool: Bool { false }

    package var hasOthersReady: Bool { readyTasklets.first != nil || !readyJobs.isEmpty }

    package func enqueue(_ job: UnownedJob) {
        readyJobs.append(job)
        activateWorker()
    }

    /// With the lock held.
    private func activateWorker() {
        guard activeWorkers < workers, hasOthersReady, let runner else { return }
        activeWorkers += 1
        dispatchTurn(of: runner, on: idleQueues.popLast() ?? DispatchQueue(label: "switchyard.turns"))
    }

    /// The scheduler is kept until the turn has ended: the run may end, and its caller drop the scheduler, before a
    /// worker has found out that it was not the last; and a job may come after the last tasklet has ended.
    private func dispatchTurn(of runner: ConcurrentRunner, on queue: DispatchQueue) {
        queue.async { [self, scheduler = runner.scheduler] in
            SpareThreads.perform { withExtendedLifetime(scheduler) { self.turn(of: runner, on: queue) } }
        }
    }

    /// Runs one tasklet's turn, or one job.
    ///
    /// A worker with more to do continues as another work item, so that Dispatch may choose.
    private func turn(of runner: ConcurrentRunner, on queue: DispatchQueue) {
        runner.lock()
        takeNext(runner)
        // The lock is held now.
        if hasOthersReady, activeWorkers <= workers {
            dispatchTurn(of: runner, on: queue)
        } else {
            activeWorkers -= 1
            idleQueues.append(queue)
        }
        runner.unlock()
        finishIfLast(runner)
    }

    /// Called, and returns, with the lock held.
    private func takeNext(_ runner: ConcurrentRunner) {
        tookJob = !readyJobs.isEmpty && (!tookJob || readyTasklets.first == nil)
        if tookJob, let job = readyJobs.popFirst() {
            jobThreads.insert(pthread_self())
            runner.unlock()
            finishIfLast(runner)
            runner.run(job)
            runner.lock()
            jobThreads.remove(pthread_self())
        } else if let node = readyTasklets.popFirst() {
            node.pointee.state = .running
            runner.unlock()
            runner.takeTurn(node)
        }
    }

    /// The last worker with a turn lets the finished run return.
    private func finishIfLast(_ runner: ConcurrentRunner) {
        let isLast = runner.withLock {
            guard runner.isFinished, activeWorkers == jobThreads.count, !hasFinished else { return false }
            hasFinished = true
            return true
        }
        guard isLast else { return }
        runner.endTasks()
        allEnded.signal()
    }

    // MARK: Deadlines

    package func arm(_ node: NodePointer) { timers.insert(node) }

    package func disarm(_ node: NodePointer) { timers.remove(node) }

    // MARK: Waiting in synchronous code

    /// Tasklets are no threads: a yield is a turn.
    package func yieldThread() {}

    /// The thread blocks, and another worker takes its place; when it continues, there is one more for a while.
    package func park(_ node: NodePointer) {
        guard let runner else { preconditionFailure("a driver without a scheduler") }
        let spare = SpareThreads.current
        var isInJob = false
        if spare == nil { SpareThreads.noteBlocked() }
        ThreadParker.withParker { parker in
            node.pointee.driverRecord = parker.address
            isInJob = jobThreads.remove(pthread_self()) != nil
            activeWorkers -= 1
            activateWorker()
            runner.resolveStallIfIdle()
            runner.unlock()
            finishIfLast(runner)
            spare?.release()
            parker.park()
        }
        if spare == nil { SpareThreads.noteUnblocked() }
        runner.withLock {
            node.pointee.driverRecord = nil
            activeWorkers += 1
            if isInJob { jobThreads.insert(pthread_self()) }
        }
    }

    package func prepareToPark(_ node: NodePointer) throws { try SpareThreads.prepare() }

    package func unpark(_ node: NodePointer) { ThreadParker(of: node)?.unpark() }
}
