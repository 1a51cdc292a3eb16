// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Running tasklets on several threads at once.
///
/// The lock orders everything; a tasklet that parks softly leaves it held, for the thread that it returned to, which by
/// then has nothing of the tasklet on its stack any more.
extension SchedulerCore {
    /// Puts a ready tasklet on the processor.
    ///
    /// Returns when control is back, with the lock held.
    ///
    /// Called without the lock, on a thread that runs nothing else of this scheduler.
    package func executeConcurrently(_ node: NodePointer) {
        let outer = sw_scheduler()
        sw_set_scheduler(identity)
        state.pointee.lock?.lock()
        let resumption = node.pointee.resumption
        let idle = resumption == .fresh ? takeIdleWorker() : nil
        let continuation = node.pointee.continuation.take()
        let job = node.pointee.job.take()
        if let idle { idle.bind(node) }
        noteRunning(node)
        state.pointee.lock?.unlock()

        switch resumption {
        case .fresh: start(node, on: idle)
        case .soft:
            sw_set_current(node)
            sw_resume(node.contextAddress)
        case .continuation: resume(continuation, of: node)
        case .job:
            sw_set_current(node)
            if let job { run(job) }
        case .hard, .kernel: strategy.unpark(node)
        }
        settleConcurrently()
        resolveStallIfUnordered()
        sw_set_scheduler(outer)
    }

    private func resume(_ continuation: UnsafeContinuation<Void, Never>?, of node: NodePointer) {
        guard let job = Self.capture({ continuation?.resume() }) else { return }
        if node.isRun(by: job) {
            sw_set_current(node)
        } else {
            // It was parked on an actor, and comes back inside the actor's own job.
            state.pointee.lock?.withLock {
                running[node.pointee.task] = nil
                becomeExternal(node)
            }
        }
        run(job)
    }

    /// ``executeConcurrently(_:)``, inside a job where what was parked softly needs one below it.
    package func takeTurnConcurrently(_ node: NodePointer) {
        guard parksWorkersSoftly else { return executeConcurrently(node) }
        nonisolated(unsafe) let node = node
        inNewJob { self.executeConcurrently(node) }
    }

    package func withLock<R>(_ body: () -> R) -> R {
        state.pointee.lock?.lock()
        defer { state.pointee.lock?.unlock() }
        return body()
    }

    /// Ends the tasks that wait for a body, when all is over.
    package func endWorkers() {
        if parksWorkersSoftly { inNewJob { self.endIdleWorkers() } } else { endIdleWorkers() }
    }

    /// Runs a job that is no tasklet's, such as a child task's or an actor's.
    package func runConcurrently(_ job: UnownedJob) {
        let outer = sw_scheduler()
        sw_set_scheduler(identity)
        run(job)
        settleConcurrently()
        resolveStallIfUnordered()
        state.pointee.lock?.unlock()
        sw_set_scheduler(outer)
    }

    /// After control has come back.
    ///
    /// If a tasklet still counts as running here, the runtime has suspended it; its job may have come back already.
    /// Returns with the lock held.
    private func settleConcurrently() {
        if sw_holds_lock() { return sw_set_holds_lock(false) }
        state.pointee.lock?.lock()
        settleLocked()
    }

    private func settleLocked() {
        guard let node = sw_current()?.assumingMemoryBound(to: Node.self) else { return }
        sw_set_current(nil)
        running[node.pointee.task] = nil
        if node.pointee.job == nil { return becomeExternal(node) }
        state.leaveRing(node)
        node.pointee.resumption = .job
        node.pointee.state = .ready
        makeReady(node)
    }

    /// From any thread: a tasklet's job is a turn for it, another one is run on its own.
    func enqueueConcurrently(_ job: UnownedJob) {
        state.pointee.lock?.lock()
        defer { state.pointee.lock?.unlock() }
        if let node = external[job.task] {
            noLongerExternal(node)
            node.pointee.job = job
            node.pointee.resumption = .job
            node.pointee.state = .ready
            makeReady(node)
        } else if let node = running[job.task] {
            node.pointee.job = job
        } else {
            strategy.runOnItsOwn(job)
        }
    }

    /// A new task has got its first body.
    func noteStarted(_ node: NodePointer) {
        guard !isOrdered else { return }
        state.pointee.lock?.withLock { noteRunning(node) }
    }

    private func noteRunning(_ node: NodePointer) {
        node.pointee.state = .running
        if node.pointee.task != 0 { running[node.pointee.task] = node }
    }

    /// The running tasklet leaves its thread.
    ///
    /// With the lock held.
    func noteLeaving() {
        if let node = sw_current()?.assumingMemoryBound(to: Node.self) { running[node.pointee.task] = nil }
    }

    /// A tasklet's task turned out to run on this thread, inside some other job: it has the processor, then.
    func adoptConcurrently(task: TaskWord) -> NodePointer? {
        state.pointee.lock?.lock()
        defer { state.pointee.lock?.unlock() }
        guard let node = external[task] else { return nil }
        settleLocked()
        noLongerExternal(node)
        state.pointee.ringCount += 1
        noteRunning(node)
        sw_set_current(node)
        return node
    }
}
