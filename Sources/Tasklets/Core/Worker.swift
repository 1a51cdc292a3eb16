// SPDX-License-Identifier: Apache-2.0

package import CSwitch

/// A Swift task that runs tasklets' bodies, one after the other.
///
/// Making, running and ending a task costs more than all the rest of a short tasklet's life; so a task whose body is
/// over waits for the next one. It starts each with nothing of the last: task-local values end with their scopes, and
/// a task that was cancelled is not used again.
@usableFromInline
package struct Worker {
    /// Where it was left, while it waits for a body.
    ///
    /// First, so that its address is the worker's.
    package var context = sw_context()
    package var continuation: UnsafeContinuation<Void, Never>?
    package var next: WorkerPointer?
    /// The tasklet whose body it runs, or is to run; nil tells it to end.
    package var node: NodePointer?
    package var task: TaskWord = 0
    /// Whether the scheduler has made the task, and has to free it.
    package var ownsTask = false
    /// What the body that is just over ended with.
    package var failure: (any Error)?
}

@usableFromInline package typealias WorkerPointer = UnsafeMutablePointer<Worker>

extension UnsafeMutablePointer<Worker> {
    package var contextAddress: UnsafeMutablePointer<sw_context> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: sw_context.self)
    }

    package func bind(_ node: NodePointer) {
        pointee.node = node
        node.pointee.task = pointee.task
    }
}

/// The frames of a parked tasklet begin with its worker's.
///
/// They are kept small and few, so that with an ordinary body they stay within the first slab of the task's allocator;
/// a second one would add half as much again to a parked tasklet. Hence what needs room is in functions of its own,
/// which are not inlined.
extension SchedulerCore {
    /// Runs bodies until the worker is told to end, or has become unfit.
    ///
    /// Not inlined into the task's closure: that one, unlike this function, would go back to its executor after each call.
    @inline(never) private func work(_ worker: WorkerPointer) async {
        repeat {
            do { try await invoke(body(of: worker)) } catch { worker.pointee.failure = error }
            switch nextStep(of: worker) {
            case .body: continue
            case .end: break
            case .park(let next): await softPark(worker.contextAddress, next.context, next.node)
            case .wait: await waitForBody(worker)
            }
        } while worker.pointee.node != nil
        retire(worker)
    }

    /// Does nothing after the call, so that the compiler need not make sure of the executor after it, as it would after
    /// the call of any closure; that costs more than this function does.
    @inline(never) private func invoke(_ body: @Sendable () async throws -> Void) async throws { try await body() }

    @inline(never) private func body(of worker: WorkerPointer) throws -> @Sendable () async throws -> Void {
        guard let node = worker.pointee.node else { preconditionFailure("a worker runs without a tasklet") }
        return try node.takeBody()
    }

    private enum Step {
        case body, end, wait
        case park(Successor)
    }

    /// Decides what the worker does when a body is over.
    @inline(never) private func nextStep(of worker: WorkerPointer) -> Step {
        guard let node = worker.pointee.node else { return .end }
        finish(node, worker.pointee.failure.take())
        worker.pointee.node = nil
        if sw_is_cancelled(worker.pointee.task) { return .end }
        if bindNext(to: worker) { return .body }
        guard parksWorkersSoftly else { return .wait }
        addIdle(worker)
        return .park(state.successor())
    }

    /// Goes on with the next tasklet right away, if that one has not started yet.
    private func bindNext(to worker: WorkerPointer) -> Bool {
        guard state.pointee.isOrdered, state.pointee.fuel > 0, let next = state.pointee.current,
            next.pointee.resumption == .fresh
        else { return false }
        state.pointee.fuel &-= 1
        worker.bind(next)
        state.markRunning(next)
        return true
    }

    private func addIdle(_ worker: WorkerPointer) {
        worker.pointee.next = state.pointee.idleWorkers
        state.pointee.idleWorkers = worker
    }

    @inline(never) private func waitForBody(_ worker: WorkerPointer) async {
        await withUnsafeContinuation { publish($0, of: worker) }
    }

    private func publish(_ continuation: UnsafeContinuation<Void, Never>, of worker: WorkerPointer) {
        worker.pointee.continuation = continuation
        sw_set_current(nil)
        addIdle(worker)
        // The loop that it returns to releases the lock: not before, or it could be resumed before it has suspended.
        if !isOrdered { sw_set_holds_lock(true) }
    }

    @inline(never) private func retire(_ worker: WorkerPointer) {
        if worker.pointee.ownsTask { finishedTasks.append(worker.pointee.task) }
        sw_set_current(nil)
        if !isOrdered, !isFinished { sw_set_holds_lock(true) }
        worker.deinitialize(count: 1)
        worker.deallocate()
    }

    /// Starts a tasklet that has not run yet, on a task that waits for a body (bound to it already on an unordered
    /// scheduler), or on a new one.
    ///
    /// Returns when control is back in the loop.
    func start(_ node: NodePointer, on idle: WorkerPointer?) {
        guard let worker = idle else { return startOnNewWorker(node) }
        if isOrdered {
            worker.bind(node)
            state.markRunning(node)
        }
        resume(worker)
    }

    /// Takes a task that waits for a body.
    ///
    /// With the lock held, where there is one.
    func takeIdleWorker() -> WorkerPointer? {
        guard let worker = state.pointee.idleWorkers else { return nil }
        state.pointee.idleWorkers = worker.pointee.next
        return worker
    }

    private func startOnNewWorker(_ node: NodePointer) {
        let worker = WorkerPointer.allocate(capacity: 1)
        worker.initialize(to: Worker())
        let job = makeTask(for: worker) ?? makeDetachedTask(for: worker)
        worker.pointee.task = job.task
        worker.bind(node)
        if isOrdered { state.markRunning(node) } else { noteStarted(node) }
        run(job)
    }

    private func makeDetachedTask(for worker: WorkerPointer) -> UnownedJob {
        nonisolated(unsafe) let worker = worker
        let job = Self.capture { Task.detached(executorPreference: self) { await self.work(worker) } }
        guard let job else { preconditionFailure("the runtime did not enqueue a new task on its preferred executor") }
        return job
    }

    /// Makes the task in less memory than the runtime would take; see CSwitch/task.c.
    ///
    /// Nil where that cannot be: on a runtime that is not known, and where tasks end on several threads, so that nobody
    /// could tell when the memory is to be freed; and where tasklets suspend through the runtime, whose frames need more.
    private func makeTask(for worker: WorkerPointer) -> UnownedJob? {
        guard isOrdered, parksWorkersSoftly else { return nil }
        let executor = unsafeBitCast(asUnownedTaskExecutor(), to: sw_executor.self)
        let task = sw_task_new(Self.entry.words, executor, Self.taskSize)
        guard task != 0 else { return nil }
        worker.pointee.ownsTask = true
        startingWorker = worker
        return unsafeBitCast(task, to: UnownedJob.self)
    }

    /// The beginning of such a task.
    ///
    /// The same for all, and never freed; so it captures nothing, and finds its worker by its thread's scheduler.
    private static let entry = Entry {
        guard let core = onThisThread, let worker = core.startingWorker.take() else { return }
        await core.work(worker)
    }

    /// A closure in a box, of which the two words can be read.
    ///
    /// A bare one would be wrapped on its way through a generic function, and the wrapping freed at once.
    private struct Entry: Sendable {
        let closure: @Sendable @concurrent () async -> Void

        var words: sw_closure { withUnsafeBytes(of: self) { $0.load(as: sw_closure.self) } }
    }

    /// How many bytes a task and its first frames get.
    ///
    /// Enough for an ordinary body that waits on a channel; one that needs more gets a slab from the runtime.
    private static let taskSize = 776

    /// Frees the memory of tasks that have come to their end.
    ///
    /// On the loop's thread, when control is back: a task ends without giving way to anybody.
    func freeFinishedTasks() {
        while let task = finishedTasks.popLast() { sw_task_release(task) }
    }

    private func resume(_ worker: WorkerPointer) {
        if let continuation = worker.pointee.continuation.take() {
            if let job = Self.capture({ continuation.resume() }) { run(job) }
        } else {
            sw_resume(worker.contextAddress)
        }
    }

    /// Ends the tasks that wait for a body.
    ///
    /// On the loop's thread, in a job.
    func endIdleWorkers() {
        while let worker = takeIdleWorker() { resume(worker) }
        freeFinishedTasks()
    }
}
