// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Runs the tasklets of a concurrent scheduler, several at once, on threads of the driver's.
///
/// The lock orders everything. A tasklet that parks softly leaves it held, for the thread that control returns to,
/// which by then has nothing of the tasklet on its stack.
package final class ConcurrentRunner: Runner, @unchecked Sendable {
    // SAFETY: everything is touched with the lock held.
    let state: StatePointer
    let concurrentDriver: any ConcurrentDriver
    /// Whether the runtime's own threads run the tasklets; see ConcurrentRunner+Pool.swift.
    let isOnPool: Bool
    var claims = ThreadClaims()
    /// The priority of the run's tasks on the runtime's own threads; nil for that of every task that is not given one.
    var poolPriority: TaskPriority?
    /// How many tasklets are ready or running.
    var activeCount = 0
    /// How many wait until another one leaves the processor.
    var deferringCount = 0

    init(_ state: StatePointer, _ driver: any ConcurrentDriver) {
        self.state = state
        concurrentDriver = driver
        isOnPool = driver.usesRuntimePool
    }

    var core: SchedulerCore { state.pointee.core }

    // MARK: Turns

    /// Puts a ready tasklet on the processor.
    ///
    /// Returns when control is back, with the lock held. Called without the lock, on a thread that runs nothing else of
    /// this scheduler.
    package func takeTurn(_ node: NodePointer) {
        ThreadScope.run(core) {
            guard core.parksSoftly else { return execute(node) }
            nonisolated(unsafe) let node = node
            // A tasklet that was parked softly needs a job below it.
            core.inNewJob { self.execute(node) }
        }
    }

    private func execute(_ node: NodePointer) {
        state.pointee.lock.lock()
        let resumption = node.pointee.resumption
        let idle = resumption == .fresh ? state.pointee.taskPool.popIdle() : nil
        let continuation = node.pointee.continuation.take()
        let job = node.pointee.job.take()
        if let idle {
            idle.bind(node)
            claims.noteStart(of: node)
        }
        claim(node)
        state.pointee.lock.unlock()

        switch resumption {
        case .fresh: state.start(node, on: idle)
        case .soft: sw_resume(node.contextAddress)
        case .continuation: state.run(JobCapture.newJob { continuation?.resume() })
        case .job: if let job { state.run(job) }
        case .hard, .slice, .kernel: concurrentDriver.unpark(node)
        }
        lockAndNoteSuspension()
        resolveStallIfIdle()
    }

    /// Runs a job that is no tasklet's, such as a child task's or an actor's.
    package func run(_ job: UnownedJob) {
        ThreadScope.run(core) {
            state.run(job)
            lockAndNoteSuspension()
            resolveStallIfIdle()
            state.pointee.lock.unlock()
        }
    }

    /// Ends the tasks that wait for a body, when all tasklets have ended.
    package func endTasks() { core.endTasks() }

    // MARK: Claims

    /// The tasklet runs on the calling thread.
    func claim(_ node: NodePointer) {
        guard !claims.isHeld(node) else { return }
        noteSuspension()
        claims.take(node)
        if node.pointee.state == .suspended {
            state.pointee.waits.suspensions -= 1
            activeCount += 1
        }
        node.markRunning()
        if state.isTraced { state.traceRun(node) }
    }

    /// After control has come back.
    ///
    /// Returns with the lock held.
    private func lockAndNoteSuspension() {
        if sw_holds_lock() {
            sw_set_current(nil)
            return sw_set_holds_lock(false)
        }
        state.pointee.lock.lock()
        noteSuspension()
    }

    /// A thread that still claims a tasklet finds out that the runtime has suspended it; its job may have come already.
    func noteSuspension() {
        guard let node = claims.release() else { return }
        sw_set_current(nil)
        leaveRunQueue(node)
        let hasJob = node.pointee.job != nil
        if !hasJob { node.pointee.state = .suspended }
        if state.isTraced { state.traceLeave(node) }
        if hasJob { return giveTurn(node) }
        state.pointee.waits.suspensions += 1
    }

    private func giveTurn(_ node: NodePointer) {
        node.pointee.resumption = .job
        state.makeReady(node)
    }

    // MARK: The runtime's jobs

    /// A tasklet's job is a turn for it; another one is run on its own.
    package func enqueue(_ job: UnownedJob) {
        withRetained(core) {
            state.withLock {
                guard let node = claims.tasklet(of: job.task) else { return concurrentDriver.enqueue(job) }
                node.pointee.job = job
                // One that still counts as running somewhere is found to be suspended there, and its job then.
                guard node.pointee.state == .suspended else { return }
                state.pointee.waits.suspensions -= 1
                giveTurn(node)
            }
        }
    }

    package func tasklet(of task: TaskWord) -> NodePointer? { state.withLock { claims.tasklet(of: task) } }

    package func adopt(_ node: NodePointer) { state.withLock { claim(node) } }

    package func release(_ node: NodePointer) { state.withLock { noteSuspension() } }

    // MARK: Stalls

    /// There is no loop that would notice a stall: the last tasklet to leave the processor does.
    ///
    /// Called with the lock held, when that tasklet can be woken.
    package func resolveStallIfIdle() {
        guard !state.pointee.runEnd.isFinished, activeCount == 0, !state.canStillWake else { return }
        state.resolveStall()
    }
}
