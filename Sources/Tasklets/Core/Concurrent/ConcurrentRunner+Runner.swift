// SPDX-License-Identifier: Apache-2.0

internal import CSwitch

/// What the rest of the core asks of a concurrent scheduler's runner.
extension ConcurrentRunner {
    package var driver: any Driver { concurrentDriver }

    package var isOrdered: Bool { false }

    package func run() { concurrentDriver.run(self) }

    package func finish() { concurrentDriver.finished() }

    // MARK: The run queue

    /// How many tasklets are runnable, with the running ones and the ones that defer to them.
    package var runnableCount: Int { activeCount + deferringCount }

    /// Gives a tasklet, whose state is `ready`, a turn.
    package func enqueue(_ node: NodePointer) {
        activeCount += 1
        concurrentDriver.enqueue(node)
    }

    /// Where every tasklet has a thread, a ready one runs.
    package func dequeue(_ node: NodePointer) -> Bool {
        guard node.pointee.resumption != .kernel, concurrentDriver.dequeue(node) else { return false }
        leaveRunQueue(node)
        return true
    }

    /// Takes a tasklet, which parks or ends, off the runnable ones.
    package func leaveRunQueue(_ node: NodePointer) {
        activeCount -= 1
        if deferringCount > 0 { wakeDeferring(to: node) }
    }

    // MARK: Leaving the processor

    /// Plans a yield.
    ///
    /// Takes the lock; throws with nothing changed and the lock released. It is unknown whether there is another
    /// tasklet to switch to; so a switch trap refuses every yield.
    package func planYield(_ node: NodePointer, _ context: CallContext) throws -> SwitchPlan {
        state.pointee.lock.lock()
        try state.unlockingOnError { try node.checkMayLeave() }
        node.pointee.checkpoints = 0
        if deferringCount > 0 { wakeDeferring(to: node) }
        if isOnPool { return planYieldOnPool(node, context) }
        if state.pointee.switching == .kernel {
            state.pointee.switchTally.add(.schedule, .kernel)
            state.pointee.lock.unlock()
            concurrentDriver.yieldThread()
            return .proceed
        }
        guard concurrentDriver.hasOthersReady else {
            state.pointee.noSwitch &+= 1
            return .unlock
        }
        leaveRunQueue(node)
        node.pointee.state = .ready
        let plan = state.planSwitch(from: node, .schedule, context)
        enqueue(node)
        return plan
    }

    /// The target needs no processor of the caller's; but a caller that stays in the run queue continues only when the
    /// target has left the processor, as it would in a run queue.
    package func planSwitch(
        from node: NodePointer,
        to target: NodePointer,
        pausing: Bool,
        _ cause: SwitchCause,
        _ context: CallContext
    ) -> SwitchPlan {
        leaveRunQueue(node)
        if pausing {
            node.pointee.state = .paused
        } else {
            if target.pointee.state == .deferring {
                target.detach()
                state.makeReady(target)
            }
            node.pointee.state = .deferring
            node.pointee.awaited = UnsafeMutableRawPointer(target)
            target.pointee.waiters.append(node)
            deferringCount += 1
        }
        return state.planSwitch(from: node, cause, context)
    }

    /// A tasklet has left the processor: the tasklets that have deferred to it continue.
    private func wakeDeferring(to node: NodePointer) {
        var next = node.pointee.waiters.first
        while let waiter = next {
            next = waiter.pointee.next
            guard waiter.pointee.state == .deferring else { continue }
            node.pointee.waiters.remove(waiter)
            deferringCount -= 1
            state.makeReady(waiter)
        }
    }

    /// Something else wakes a tasklet that has deferred to another one.
    func stopDeferring() { deferringCount -= 1 }

    /// The running tasklet parks softly, or ends: control returns to the loop, which releases the lock.
    func willReturnToLoop() {
        claims.release()
        sw_set_holds_lock(true)
    }

    /// The running tasklet suspends through the runtime, and can be resumed from now on.
    ///
    /// The lock stays held for the loop, so that nothing can resume the tasklet before it has suspended.
    func willSuspend(_ node: NodePointer) {
        if isOnPool { return publishOnPool(node) }
        resolveStallIfIdle()
        sw_set_holds_lock(true)
    }

    /// The running tasklet is about to suspend through the runtime.
    func releaseClaim() {
        if !isOnPool { claims.release() }
    }

    /// The runtime has resumed the tasklet, on the calling thread.
    ///
    /// Without the lock.
    func didResume(_ node: NodePointer) {
        guard isOnPool else { return }
        TaskNote(of: node)?.resumed()
        if state.isTraced { state.traceRun(node) }
    }

    // MARK: Starting and ending

    /// A tasklet's body has ended, on the calling thread.
    func willEnd(_ node: NodePointer) {
        if isOnPool { return }
        claim(node)
        claims.release()
        claims.noteEnd(of: node)
    }

    /// Nothing follows in the tasklet's name.
    func didEnd(_ node: NodePointer) {
        if isOnPool { TaskNote(of: node)?.end() }
    }

    /// A tasklet begins on a new task.
    ///
    /// Without the lock.
    func didStart(_ node: NodePointer) { state.withLock { claims.noteStart(of: node) } }

    // MARK: Other threads

    package var hasPendingJobs: Bool { false }

    package func perform(_ body: @escaping @Sendable () -> Void) { state.withLock(body) }

    package func performLater(_ body: @escaping @Sendable () -> Void) { state.withLock(body) }

    package func noteEndedRun() {}

    package func takeLateWork() {}

    /// A callback runs with its scheduler's lock held; two callbacks that take each other's lock would deadlock.
    package func sendWakeUp(to tasklet: Tasklet) {
        let isInCallback = SchedulerCore.currentNode()?.pointee.isInCallback ?? false
        if !isInCallback, wakeUnlessLeaving(tasklet.node) { return }
        let state = state
        nonisolated(unsafe) let shared = state
        Task.detached { shared.withLock { tasklet.node.oneShotCompleted() } }
    }

    /// A callback may complete the cell that its own tasklet is about to wait for.
    private func wakeUnlessLeaving(_ node: NodePointer) -> Bool {
        state.withLock {
            if node.pointee.isInCallback { return false }
            node.oneShotCompleted()
            return true
        }
    }
}
