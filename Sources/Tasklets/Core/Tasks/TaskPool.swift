// SPDX-License-Identifier: Apache-2.0

package import CSwitch

/// The Swift tasks that run tasklets' bodies, one body after the other.
///
/// Making, running and ending a task costs more than everything else in a short tasklet's life; so a task whose body
/// has ended waits for the next one. It carries nothing from one body to the next: task-local values end with their
/// scopes, and a task that was cancelled is not reused.
package struct TaskPool {
    /// How many tasks at most wait for a body while the scheduler has nothing to do; others end, so that the memory that
    /// a burst of tasklets took is free again.
    package static let mostIdle = 4096

    /// Tasks that wait for a body, the last one used first.
    private var idle: PooledTaskPointer?
    package private(set) var idleCount = 0
    /// Tasks in memory of the scheduler's own that have ended.
    private var finished: [TaskWord] = []
    /// How many tasks of a burst have ended whose memory the allocator still keeps.
    package fileprivate(set) var endedSurplus = 0

    package init() {}

    /// How many tasks should end while there is nothing else to do.
    var surplus: Int { max(idleCount - Self.mostIdle, 0) }

    @inline(__always) mutating func pushIdle(_ task: PooledTaskPointer) {
        idleCount &+= 1
        task.pointee.next = idle
        idle = task
    }

    @inline(__always) mutating func popIdle() -> PooledTaskPointer? {
        guard let task = idle else { return nil }
        idleCount &-= 1
        idle = task.pointee.next
        return task
    }

    mutating func addFinished(_ task: TaskWord) { finished.append(task) }

    /// Frees the memory of tasks that have ended.
    ///
    /// On the loop's thread, when control is back: a task ends without giving way to any other.
    @inline(__always) mutating func freeFinished() {
        if !finished.isEmpty { freeAllFinished() }
    }

    private mutating func freeAllFinished() {
        while let task = finished.popLast() { sw_task_release(task) }
    }

    /// Has the allocator give back to the system what the tasks of a burst have left, if that is worth its time: some
    /// 30 ns a task.
    fileprivate mutating func giveBack() {
        guard endedSurplus >= Self.mostIdle else { return }
        endedSurplus = 0
        sw_trim_memory()
    }
}

/// One task of the pool.
///
/// It lies right behind the Swift task, where that is in memory of the scheduler's own.
@usableFromInline
package struct PooledTask {
    /// Where it was parked, while it waits for a body.
    ///
    /// First, so that its address is the pooled task's.
    var context = sw_context()
    var continuation: UnsafeContinuation<Void, Never>?
    fileprivate(set) var next: PooledTaskPointer?
    /// The tasklet whose body it runs, or is to run; nil if it is to end.
    var node: NodePointer?
    var task: TaskWord = 0
    /// What the last body ended with.
    var failure: (any Error)?
}

package typealias PooledTaskPointer = UnsafeMutablePointer<PooledTask>

extension UnsafeMutablePointer<PooledTask> {
    package var contextAddress: UnsafeMutablePointer<sw_context> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: sw_context.self)
    }

    package func bind(_ node: NodePointer) {
        pointee.node = node
        node.pointee.task = pointee.task
    }

    /// Puts the task, which has a body or is told to end, on the processor.
    ///
    /// Returns when control is back in the loop.
    fileprivate func resume(in state: StatePointer) {
        guard let continuation = pointee.continuation.take() else { return sw_resume(contextAddress) }
        if let job = JobCapture.job(enqueuedBy: { continuation.resume() }) { state.run(job) }
    }
}

// MARK: Running bodies

/// What a task does when it has been resumed, or when a function that it has called has returned.
enum TaskStep {
    /// Calls its tasklet's body.
    case run
    /// Calls ``SchedulerCore/goHome()``.
    case goHome
    /// Waits for a body: parks softly, or suspends through the runtime.
    case park(SwitchTarget), suspend
    case end
}

extension SchedulerCore {
    /// Runs bodies until the task is told to end, or cannot be reused.
    ///
    /// What a task that the runtime has made does; one in memory of the scheduler's own has sw_run_bodies of CSwitch. Not
    /// inlined into the task's closure, which, unlike this function, would return to its executor after each call.
    @inline(never) private func runBodies(on task: PooledTaskPointer) async {
        while true {
            switch state.nextStep(of: task) {
            case .run: do { try await invoke(task.takeBody()) } catch { task.pointee.failure = error }
            case .goHome: await Self.goHome()
            case .park(let target): await softPark(task.contextAddress, target.context, target.node)
            case .suspend: await suspend(task)
            case .end: return retire(task)
            }
        }
    }

    /// Does nothing after the call, so that the compiler need not restore the executor after it, as it would after the
    /// call of any closure; that costs more than this function does.
    @inline(never) private func invoke(_ body: @Sendable () async throws -> Void) async throws { try await body() }

    @inline(never) private func suspend(_ task: PooledTaskPointer) async {
        // As a tasklet suspends; see `performRareAction`.
        await _unsafeInheritExecutor_withUnsafeContinuation { publish($0, of: task) }
    }

    private func publish(_ continuation: UnsafeContinuation<Void, Never>, of task: PooledTaskPointer) {
        task.pointee.continuation = continuation
        sw_set_current(nil)
        state.pointee.taskPool.pushIdle(task)
        // Nothing can resume it before it has suspended.
        state.pointee.concurrent?._withUnsafeGuaranteedRef { $0.willReturnToLoop() }
    }

    private func retire(_ task: PooledTaskPointer) {
        sw_set_current(nil)
        task.deinitialize(count: 1)
        task.deallocate()
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// Decides what the task does next.
    ///
    /// On the thread that a body has ended on, which may be another one than the scheduler's.
    @inline(__always) func nextStep(of task: PooledTaskPointer) -> TaskStep {
        while let node = task.pointee.node {
            if task.begins(node) { return .run }
            // Before others learn that the tasklet has ended.
            node.record.pointee.body = nil
            guard node.isAtHome else { return .goHome }
            if let step = end(node, on: task) { return step }
        }
        return .end
    }

    /// Ends a tasklet; nil if the task has another one to run.
    @inline(__always) private func end(_ node: NodePointer, on task: PooledTaskPointer) -> TaskStep? {
        finish(node, task.pointee.failure.take())
        task.pointee.node = nil
        if sw_is_cancelled(task.pointee.task) {
            // The lock that `finish` has taken is for the loop to release.
            pointee.concurrent?._withUnsafeGuaranteedRef { $0.willReturnToLoop() }
            return .end
        }
        if startNext(on: task) { return nil }
        guard pointee.tasksParkSoftly else { return .suspend }
        pointee.taskPool.pushIdle(task)
        return .park((isTraced ? planTracedSuccessor() : planSuccessor()).target)
    }
}

extension PooledTaskPointer {
    /// Whether the body of its tasklet is to be called now; not if that has been, nor if an error is to be thrown into
    /// the tasklet, which then never starts.
    @inline(__always) fileprivate func begins(_ node: NodePointer) -> Bool {
        if node.record.pointee.hasBegun { return false }
        node.record.pointee.hasBegun = true
        guard node.takesInterruption else { return true }
        pointee.failure = node.takeInterruption()
        return false
    }

    fileprivate func takeBody() -> @Sendable () async throws -> Void {
        guard let body = pointee.node?.record.pointee.body.take() else { preconditionFailure("a task without a body") }
        return body.closure
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// Continues with the next tasklet of the run queue on a task whose body has ended, if that one has not started
    /// yet.
    fileprivate func startNext(on task: PooledTaskPointer) -> Bool {
        guard pointee.fuel > 0, let next = pointee.runQueue.current, next.pointee.resumption == .fresh else {
            return false
        }
        pointee.fuel &-= 1
        task.bind(next)
        next.markRunning()
        if isTraced { traceRun(next) }
        return true
    }
}

// MARK: Starting tasklets

extension UnsafeMutablePointer<SchedulerState> {
    /// Starts a tasklet on an idle task that it is bound to, or on a new one.
    ///
    /// Returns when control is back in the loop.
    func start(_ node: NodePointer, on idle: PooledTaskPointer?) {
        guard let task = idle else { return pointee.core.startOnNewTask(node) }
        task.resume(in: self)
    }
}

extension SchedulerCore {
    fileprivate func startOnNewTask(_ node: NodePointer) {
        let (task, job) = makeCompactTask() ?? makeDetachedTask()
        task.pointee.task = job.task
        task.bind(node)
        if let concurrent = state.pointee.concurrent {
            concurrent._withUnsafeGuaranteedRef { $0.didStart(node) }
        } else {
            node.markRunning()
        }
        state.run(job)
    }

    private func makeDetachedTask() -> (PooledTaskPointer, UnownedJob) {
        nonisolated(unsafe) let task = PooledTaskPointer.allocate(capacity: 1)
        task.initialize(to: PooledTask())
        let job = JobCapture.newJob { Task.detached(executorPreference: self) { await self.runBodies(on: task) } }
        return (task, job)
    }

    /// Ends the tasks that wait for a body, when all tasklets have ended.
    func endTasks() { inLoopJob { self.endIdleTasks() } }

    /// The same, in a job where the tasks park softly.
    func endIdleTasks() { endIdleTasks(.max) }

    /// Calls `body` in a job where the tasks park softly.
    func inLoopJob(_ body: @escaping @Sendable () -> Void) {
        if parksSoftly { inNewJob(body) } else { body() }
    }

    /// Ends some of the tasks that a burst of tasklets has left, and gives back the memory of all with the last: at a
    /// time so few that what comes meanwhile need not wait for long.
    ///
    /// In a job where the tasks park softly.
    func endSurplusTasks() {
        let count = min(state.pointee.taskPool.surplus, 128)
        endIdleTasks(count)
        state.pointee.taskPool.endedSurplus += count
        if state.pointee.taskPool.surplus == 0 { state.pointee.taskPool.giveBack() }
    }

    private func endIdleTasks(_ count: Int) {
        var left = count
        while left > 0, let task = state.pointee.taskPool.popIdle() {
            task.resume(in: state)
            left -= 1
        }
        state.pointee.taskPool.freeFinished()
    }
}
