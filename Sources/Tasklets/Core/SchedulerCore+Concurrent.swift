// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// Running tasklets on several threads at once.
///
/// The lock orders everything; a tasklet that parks softly leaves it held, for the thread that it returned to, which by
/// then has nothing of the tasklet on its stack any more.
extension SchedulerCore {
    /// Puts a ready tasklet on the processor.
    ///
    /// Returns when control is back, with the lock held. Called without the lock, on a thread that runs nothing else of
    /// this scheduler; inside a job where what was parked softly needs one below it.
    package func takeTurnConcurrently(_ node: NodePointer) {
        withoutAccesses {
            guard parksWorkersSoftly else { return executeConcurrently(node) }
            nonisolated(unsafe) let node = node
            inNewJob { self.executeConcurrently(node) }
        }
    }

    private func executeConcurrently(_ node: NodePointer) {
        let outer = sw_scheduler()
        sw_set_scheduler(identity)
        state.pointee.lock?.lock()
        let resumption = node.pointee.resumption
        let idle = resumption == .fresh ? takeIdleWorker() : nil
        let continuation = node.pointee.continuation.take()
        let job = node.pointee.job.take()
        if let idle {
            idle.bind(node)
            started[node.pointee.task] = node
        }
        claim(node)
        state.pointee.lock?.unlock()

        switch resumption {
        case .fresh: start(node, on: idle)
        case .soft: sw_resume(node.contextAddress)
        case .continuation: resume(continuation, of: node)
        case .job: if let job { run(job) }
        case .hard, .kernel: strategy.unpark(node)
        }
        settleConcurrently()
        resolveStallIfUnordered()
        sw_set_scheduler(outer)
    }

    private func resume(_ continuation: UnsafeContinuation<Void, Never>?, of node: NodePointer) {
        // No job comes when the tasklet had not quite suspended yet: then it goes on where it is, and claims itself.
        guard let job = Self.capture({ continuation?.resume() }) else { return }
        // Another task's job comes when it was parked on an actor: then it goes on inside that, and claims itself.
        if !node.isRun(by: job) { withLock { settleLocked() } }
        run(job)
    }

    /// Runs a job that is no tasklet's, such as a child task's or an actor's.
    package func runConcurrently(_ job: UnownedJob) { withoutAccesses { runConcurrentlyToItsEnd(job) } }

    private func runConcurrentlyToItsEnd(_ job: UnownedJob) {
        let outer = sw_scheduler()
        sw_set_scheduler(identity)
        run(job)
        settleConcurrently()
        resolveStallIfUnordered()
        state.pointee.lock?.unlock()
        sw_set_scheduler(outer)
    }

    /// From any thread: a tasklet's job is a turn for it, another one is run on its own.
    func enqueueConcurrently(_ job: UnownedJob) {
        withLock {
            guard let node = started[job.task] else { return strategy.runOnItsOwn(job) }
            node.pointee.job = job
            // One that still counts as running somewhere is about to be settled there, and its job found then.
            guard node.pointee.state == .external else { return }
            noLongerExternal()
            giveTurn(node)
        }
    }

    private func giveTurn(_ node: NodePointer) {
        node.pointee.resumption = .job
        node.pointee.state = .ready
        makeReady(node)
    }

    package func withLock<R>(_ body: () throws -> R) rethrows -> R { try state.withLock(body) }

    /// Ends the tasks that wait for a body, when all is over.
    package func endWorkers() {
        if parksWorkersSoftly { inNewJob { self.endIdleWorkers() } } else { endIdleWorkers() }
    }
}

/// Claims: which tasklet runs on which thread, on an unordered scheduler. With the lock held.
///
/// A thread claims the tasklet that it puts on the processor, and gives the claim up when the tasklet parks, or when
/// control is back and the runtime must have suspended it. But the runtime may already have resumed it elsewhere by
/// then: inside an actor's job on another thread, or on the thread that it had parked on, when it was woken before it
/// had quite suspended. There it claims itself at its next operation. So a thread that finds its claim gone leaves the
/// tasklet alone, and one that finds it still there may settle it: whoever comes first, the other one notices.
extension SchedulerCore {
    /// The tasklet runs on the calling thread.
    func claim(_ node: NodePointer) {
        let thread = sw_thread_identity()
        guard node.pointee.thread != thread else { return }
        settleLocked()
        if node.pointee.thread != 0 { claims[node.pointee.thread] = nil }
        if node.pointee.state == .external {
            noLongerExternal()
            state.pointee.ringCount += 1
        }
        node.pointee.thread = thread
        node.pointee.state = .running
        claims[thread] = node
        sw_set_current(node)
    }

    /// The tasklet that runs on the calling thread is about to leave it, or has ended.
    func giveUpClaim() {
        guard let node = claims.removeValue(forKey: sw_thread_identity()) else { return }
        node.pointee.thread = 0
    }

    /// After control has come back.
    ///
    /// Returns with the lock held.
    private func settleConcurrently() {
        if sw_holds_lock() {
            sw_set_current(nil)
            return sw_set_holds_lock(false)
        }
        state.pointee.lock?.lock()
        settleLocked()
    }

    /// If the thread still claims a tasklet, the runtime has suspended it; its job may have come back already.
    func settleLocked() {
        guard let node = claims.removeValue(forKey: sw_thread_identity()) else { return }
        sw_set_current(nil)
        node.pointee.thread = 0
        guard node.pointee.job != nil else { return becomeExternal(node) }
        state.leaveRing(node)
        giveTurn(node)
    }

    /// A new task has got its first body.
    func noteStarted(_ node: NodePointer) {
        guard !isOrdered else { return }
        withLock { started[node.pointee.task] = node }
    }

    /// The tasklet whose task runs on the calling thread, which claims it if need be.
    func lookUpConcurrently(task: TaskWord) -> NodePointer? {
        withLock {
            guard let node = started[task] else { return nil }
            claim(node)
            return node
        }
    }
}
