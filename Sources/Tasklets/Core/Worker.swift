// SPDX-License-Identifier: Apache-2.0

package import CSwitch

/// A Swift task that runs tasklets' bodies, one after the other.
///
/// Making, running and ending a task costs more than all the rest of a short tasklet's life; so a task whose body is
/// over waits for the next one. It starts each with nothing of the last: task-local values end with their scopes, and
/// a task that was cancelled is not used again.
@usableFromInline
package struct Worker {
    /// Where it was left, while it waits for a body. First, so that its address is the worker's.
    package var context = sw_context()
    package var continuation: UnsafeContinuation<Void, Never>?
    package var next: WorkerPointer?
    /// The tasklet whose body it runs, or is to run; nil tells it to end.
    package var node: NodePointer?
    package var task: UnsafeMutableRawPointer?
}

@usableFromInline package typealias WorkerPointer = UnsafeMutablePointer<Worker>

extension UnsafeMutablePointer<Worker> {
    package var contextAddress: UnsafeMutablePointer<sw_context> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: sw_context.self)
    }

    package func bind(_ node: NodePointer) {
        pointee.node = node
        node.pointee.worker = self
        node.pointee.task = pointee.task
    }
}

extension SchedulerCore {
    /// What a worker's task does.
    func work(_ worker: WorkerPointer) async {
        while let node = worker.pointee.node {
            let failure = await runBody(of: node)
            finish(node, failure)
            worker.pointee.node = nil
            if Task.isCancelled { break }
            if bindNext(to: worker) { continue }
            if parksWorkersSoftly {
                addIdle(worker)
                await softPark(worker.contextAddress, state.nextSoftContext())
            } else {
                await waitForBody(worker)
            }
        }
        retire(worker)
    }

    /// Runs the body, and returns the error that it ended with.
    func runBody(of node: NodePointer) async -> (any Error)? {
        if node.pointee.isInterrupted { return node.takeInterruption() }
        guard let body = node.object.takeBody() else { return nil }
        do {
            try await body()
            return nil
        } catch {
            return error
        }
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

    private func waitForBody(_ worker: WorkerPointer) async {
        await withUnsafeContinuation { continuation in
            worker.pointee.continuation = continuation
            sw_set_current(nil)
            addIdle(worker)
            state.pointee.lock?.unlock()
        }
    }

    private func retire(_ worker: WorkerPointer) {
        sw_set_current(nil)
        if !isOrdered, !isFinished { sw_set_holds_lock(true) }
        worker.deinitialize(count: 1)
        worker.deallocate()
    }

    /// Starts a tasklet that has not run yet, on a task that waits for a body, or on a new one. Returns when control is
    /// back in the loop.
    func start(_ node: NodePointer, on idle: WorkerPointer?) {
        guard let worker = idle else { return startOnNewWorker(node) }
        worker.bind(node)
        state.markRunning(node)
        resume(worker)
    }

    /// Takes a task that waits for a body. With the lock held, where there is one.
    func takeIdleWorker() -> WorkerPointer? {
        guard let worker = state.pointee.idleWorkers else { return nil }
        state.pointee.idleWorkers = worker.pointee.next
        return worker
    }

    private func startOnNewWorker(_ node: NodePointer) {
        nonisolated(unsafe) let worker = WorkerPointer.allocate(capacity: 1)
        worker.initialize(to: Worker())
        let job = Self.capture { Task.detached(executorPreference: self) { await self.work(worker) } }
        guard let job else { preconditionFailure("the runtime did not enqueue a new task on its preferred executor") }
        worker.pointee.task = UnsafeMutableRawPointer(mutating: job.task)
        worker.bind(node)
        noteStarted(node)
        state.markRunning(node)
        run(job)
    }

    private func resume(_ worker: WorkerPointer) {
        if let continuation = worker.pointee.continuation.take() {
            if let job = Self.capture({ continuation.resume() }) { run(job) }
        } else {
            sw_resume(worker.contextAddress)
        }
    }

    /// Ends the tasks that wait for a body. On the loop's thread, in a job.
    func endIdleWorkers() {
        while let worker = takeIdleWorker() { resume(worker) }
    }
}
