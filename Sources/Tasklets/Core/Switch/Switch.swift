// SPDX-License-Identifier: Apache-2.0
//
// The switch: how the running tasklet leaves the processor once an operation has arranged the queues.
//
// A switch has two steps. `planSwitch` decides how the tasklet leaves and what runs next, counts the switch, and marks
// the successor as running where control goes straight to it. `perform` carries the plan out and returns when the
// tasklet has the processor again. Between the two an operation may still fill slots; with the lock held on a
// concurrent scheduler, so nothing can resume the tasklet before it has left. On an ordered one nothing else runs; on a
// concurrent one waking takes the lock, which the loop that gets control back releases once the tasklet's context is
// stored.

public import CSwitch

/// Parks the caller in `from` and hands the processor to `to`, or back to the loop; `current` has it from then on.
///
/// See CSwitch/soft.c.
@_silgen_name("sw_soft_park")
@usableFromInline func softPark(
    _ from: UnsafeMutablePointer<sw_context>,
    _ to: UnsafeMutablePointer<sw_context>?,
    _ current: NodePointer?
) async

// MARK: Planning

extension UnsafeMutablePointer<SchedulerState> {
    /// Plans the switch away from the running tasklet, which can be resumed from now on.
    ///
    /// Without a cause nothing is counted: on a trip to the loop and back.
    @inline(__always)
    package func planSwitch(from node: NodePointer, _ cause: SwitchCause?, _ context: CallContext) -> SwitchPlan {
        guard let cause, let next = pointee.runQueue.current, isDirect(to: next, context) else {
            return planIndirectSwitch(from: node, cause, context)
        }
        return planDirectSwitch(from: node, to: next, cause)
    }

    /// Whether a switch to that tasklet, the next in the run queue, goes straight to it, and nothing else observes that.
    ///
    /// Where tasklets switch hard, synchronous code does as asynchronous code does.
    @inline(__always) func isDirect(to next: NodePointer, _ context: CallContext) -> Bool {
        (context == .async || pointee.switching == .hard) && pointee.specialCases.isEmpty && pointee.fuel > 1
            && next.pointee.resumption.rawValue == pointee.directResumption
    }

    /// ``planSwitch(from:_:_:)`` where that ``isDirect(to:_:)``.
    ///
    /// To another tasklet: without special cases nothing wakes one that is about to leave, and one that yields is not the
    /// only runnable one.
    @inline(__always)
    func planDirectSwitch(from node: NodePointer, to next: NodePointer, _ cause: SwitchCause) -> SwitchPlan {
        assert(next != node, "a tasklet switches to itself")
        pointee.fuel &-= 1
        guard pointee.switching == .soft else {
            node.pointee.resumption = .hard
            pointee.switchTally.add(cause, .hard)
            return SwitchPlan(continuingStackOf: next)
        }
        node.pointee.resumption = .soft
        pointee.switchTally.add(cause, .soft)
        return SwitchPlan(resuming: next)
    }

    /// ``planSwitch(from:_:_:)`` where what runs next is still to be found.
    @inline(never)
    private func planIndirectSwitch(
        from node: NodePointer,
        _ cause: SwitchCause?,
        _ context: CallContext
    ) -> SwitchPlan {
        guard pointee.switching == .soft, context == .async, pointee.specialCases.isEmpty else {
            return planOtherSwitch(from: node, cause, context)
        }
        node.pointee.resumption = .soft
        if let cause { pointee.switchTally.add(cause, .soft) }
        return planSuccessor()
    }

    /// ``planSwitch(from:_:_:)`` for every way to leave the processor.
    @inline(never)
    private func planOtherSwitch(
        from node: NodePointer,
        _ cause: SwitchCause?,
        _ context: CallContext
    ) -> SwitchPlan {
        let action = action(in: context)
        node.pointee.resumption = resumption(after: action)
        if !pointee.specialCases.isEmpty { observeSwitch(from: node, cause) }
        if let cause { pointee.switchTally.add(cause, switching(by: action)) }
        if action == .parkSoft { return isTraced ? planTracedSuccessor() : planSuccessor() }
        if action == .suspend {
            pointee.fuel &-= 1
            pointee.concurrent?._withUnsafeGuaranteedRef { $0.releaseClaim() }
        }
        return SwitchPlan(action)
    }

    private func action(in context: CallContext) -> SwitchPlan.Action {
        switch context {
        case .synchronous: pointee.core.swapsStacks ? .parkHard : .blockThread
        case .async:
            switch pointee.switching {
            case .hard, .slice: .parkHard
            case .kernel: .blockThread
            case .soft: .parkSoft
            case .continuation: .suspend
            }
        }
    }

    private func resumption(after action: SwitchPlan.Action) -> Resumption {
        switch action {
        case .parkSoft: .soft
        case .parkHard: pointee.switching == .slice ? .slice : .hard
        case .blockThread: .kernel
        default: .continuation
        }
    }

    private func switching(by action: SwitchPlan.Action) -> Switching {
        switch action {
        case .parkSoft: .soft
        case .parkHard: pointee.switching == .slice ? .slice : .hard
        case .blockThread: .kernel
        default: .continuation
        }
    }

    /// What others see of a switch, before it happens.
    ///
    /// A callback may wake the tasklet, which can be resumed already.
    @inline(never) private func observeSwitch(from node: NodePointer, _ cause: SwitchCause?) {
        if isTraced { traceLeave(node) }
        if cause == nil { return }
        node.pointee.checkpoints = 0
        resolveStallIfLast()
        notifyScheduleCallback(node)
    }

    /// Plans to park softly, and to hand the processor to the current tasklet of the run queue, marked as running,
    /// where that can be resumed softly from here.
    @inline(__always) func planSuccessor() -> SwitchPlan {
        pointee.fuel &-= 1
        guard pointee.fuel > 0, let next = pointee.runQueue.current, next.pointee.resumption == .soft else {
            return planOtherSuccessor()
        }
        return SwitchPlan(resuming: next)
    }

    /// The same with a recorder.
    @inline(never) func planTracedSuccessor() -> SwitchPlan {
        let plan = planSuccessor()
        if let next = plan.target.node { traceRun(next) }
        return plan
    }

    /// A tasklet that has not run yet can start on a pooled task; for all others, control returns to the loop.
    @inline(never) private func planOtherSuccessor() -> SwitchPlan {
        guard pointee.fuel > 0, let next = pointee.runQueue.current, next.pointee.resumption == .fresh,
            let task = pointee.taskPool.popIdle()
        else {
            pointee.concurrent?._withUnsafeGuaranteedRef { $0.willReturnToLoop() }
            return SwitchPlan(.parkSoft)
        }
        task.bind(next)
        next.pointee.state = .running
        return SwitchPlan(.parkSoft, to: SwitchTarget(task.contextAddress, next))
    }
}

// MARK: Performing

extension UnsafeMutablePointer<Node> {
    /// Leaves the processor as planned; returns when the tasklet has it again.
    ///
    /// Called by the tasklet itself. The lock, where the plan says that it is held, is released on the way.
    @inlinable @inline(__always) package func perform(_ plan: SwitchPlan) async {
        if plan.action == .parkSoft {
            await softPark(contextAddress, plan.target.context, plan.target.node)
        } else if plan.action == .parkHard {
            pointee.owner.parkHard(self, plan.target.node)
        } else if plan.action != .proceed {
            await performRareAction(plan.action)
        }
    }

    @usableFromInline @inline(never) package func performRareAction(_ action: SwitchPlan.Action) async {
        switch action {
        case .proceed, .parkSoft, .parkHard: break
        case .unlock: pointee.owner.pointee.lock.unlock()
        case .store: storeInBuffer()
        case .blockThread: blockThread()
        case .suspend:
            // Without a parameter for the isolation, for which the runtime would look up the task's executor once more,
            // with a lock: an eighth of a switch. The standard library keeps this form for callers without one.
            await _unsafeInheritExecutor_withUnsafeContinuation { publish($0) }
            pointee.owner.pointee.concurrent?._withUnsafeGuaranteedRef { $0.didResume(self) }
        case .yield: await yieldOnPool()
        }
    }

    /// ``perform(_:)`` for synchronous code.
    @inlinable @inline(__always) package func performSynchronously(_ plan: SwitchPlan) {
        if plan.action == .parkHard {
            pointee.owner.parkHard(self, plan.target.node)
        } else if plan.action != .proceed {
            performRareActionSynchronously(plan.action)
        }
    }

    @usableFromInline @inline(never) func performRareActionSynchronously(_ action: SwitchPlan.Action) {
        switch action {
        case .proceed, .parkHard: break
        case .unlock, .yield: pointee.owner.pointee.lock.unlock()
        case .store: storeInBuffer()
        case .parkSoft, .suspend, .blockThread: blockThread()
        }
    }

    private func blockThread() {
        let state = pointee.owner
        state.pointee.core.threadParking.park(self)
        if state.isTraced { state.traceRun(self) }
    }

    private func yieldOnPool() async {
        pointee.owner.pointee.lock.unlock()
        await Task.yield()
        pointee.owner.pointee.concurrent?._withUnsafeGuaranteedRef { $0.didResume(self) }
    }

    /// Lets others resume the tasklet, which is about to suspend through the runtime, in its own job.
    private func publish(_ continuation: UnsafeContinuation<Void, Never>) {
        pointee.continuation = continuation
        pointee.owner.pointee.concurrent?._withUnsafeGuaranteedRef { $0.willSuspend(self) }
    }
}

extension UnsafeMutablePointer<SchedulerState> {
    /// Sets the running stack aside with the tasklet's frames on it, and continues the next tasklet: directly where
    /// that is parked hard too, else through a loop on another stack.
    ///
    /// Where stacks are sliced, leaves the frames on the region, and returns to the loop.
    ///
    /// - Parameter planned: the next tasklet, which is parked hard and marked as running; nil where it is still to be
    ///   found.
    @usableFromInline package func parkHard(_ node: NodePointer, _ planned: NodePointer?) {
        guard let mine = pointee.stacks.active else { return parkSlice(node) }
        node.pointee.context.stack = mine
        guard let planned else { return continueAnyStack(after: node, on: mine) }
        guard let stack = planned.pointee.context.stack else { preconditionFailure("parked hard without a stack") }
        pointee.stacks.active = stack
        sw_stack_swap(mine, stack, planned)
    }

    @inline(never) private func continueAnyStack(after node: NodePointer, on mine: LoopStacks.Stack) {
        pointee.fuel &-= 1
        // A recorder learns of the next turn in the loop.
        if pointee.fuel > 0, !isTraced, let next = pointee.runQueue.current, next.pointee.resumption == .hard,
            let stack = next.pointee.context.stack
        {
            next.pointee.state = .running
            // A callback has woken it as it was about to leave.
            if next == node { return }
            pointee.stacks.active = stack
            sw_stack_swap(mine, stack, next)
        } else {
            let stack = popIdleStack()
            pointee.stacks.active = stack
            sw_stack_swap(mine, stack, nil)
        }
    }
}
