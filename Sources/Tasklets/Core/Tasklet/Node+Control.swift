// SPDX-License-Identifier: Apache-2.0

/// Tasklets that schedule tasklets. `self` is the calling tasklet.
///
/// Each operation takes the lock, arranges the run queue, and plans how the caller leaves the processor; or throws with
/// nothing changed and the lock released.
///
/// Semantics: Stackless Python, Stackless/module/taskletobject.c and Stackless/core/scheduling.c.
extension UnsafeMutablePointer<Node> {
    // MARK: The run queue

    /// Makes a paused tasklet runnable, after all that are.
    func insert(_ target: NodePointer) throws {
        try lock(with: target)
        defer { pointee.owner.pointee.lock.unlock() }
        try refuseInCallback()
        try target.checkMayRun()
        if target.pointee.state == .paused { pointee.owner.makeReady(target) }
    }

    /// Takes a runnable tasklet out of the run queue.
    func remove(_ target: NodePointer) throws {
        try lock(with: target)
        defer { pointee.owner.pointee.lock.unlock() }
        try refuseInCallback()
        switch target.pointee.state {
        case .paused, .ended: return
        case .ready where pointee.owner.runner.dequeue(target): target.pointee.state = .paused
        case .ready, .running, .deferring: throw target.cannot(.currentTasklet, "be removed while it runs")
        case .blocked, .selecting, .awaiting, .performing, .sleeping, .joining, .suspended, .proxy, .outstanding:
            throw target.cannot(.blockedTasklet, "be removed while it waits")
        }
    }

    // MARK: Switching to another tasklet

    /// Plans a switch to a tasklet; the caller stays in the run queue, or is paused.
    func planSwitch(to target: NodePointer, pausing: Bool, _ context: CallContext) throws -> SwitchPlan {
        let state = pointee.owner
        try lock(with: target)
        try state.unlockingOnError {
            try target.checkMayRun()
            if target != self { try checkMayLeave() }
        }
        guard target != self else { return stay() }
        if target.pointee.state == .paused { state.makeReady(target) }
        // The driver had no thread for it.
        if target.pointee.state == .ended { return stay() }
        return state.runner.planSwitch(from: self, to: target, pausing: pausing, .schedule, context)
    }

    /// Plans to throw an error into a tasklet: when that next runs, where `pending`; else now, with a switch to it.
    func planThrow(
        _ error: any Error,
        into target: NodePointer,
        pending: Bool,
        _ context: CallContext
    ) throws -> SwitchPlan {
        let state = pointee.owner
        try lock(with: target)
        try state.unlockingOnError {
            try refuseInCallback()
            if target == self { throw error }
            if target.pointee.state == .ended {
                if !(error is TaskletExit) { throw target.cannot(.deadTasklet, "be thrown into: it is dead") }
            } else if !pending {
                try checkMayLeave()
            }
        }
        state.interrupt(target, with: error)
        switch target.pointee.state {
        case .ended, .suspended: return stay()
        case _ where pending: return stay()
        default: return state.runner.planSwitch(from: self, to: target, pausing: false, .kill, context)
        }
    }

    // MARK: Leaving the run queue

    /// Plans to leave the run queue, for others to insert the tasklet again.
    func planPause(_ context: CallContext) throws -> SwitchPlan {
        let state = pointee.owner
        state.pointee.lock.lock()
        if isLast, state.pointee.roster.main == self, state.pointee.watchdogs.isEmpty {
            try state.unlockingOnError { try checkMayLeave(isAlone: true) }
            return stay()
        }
        try state.unlockingOnError {
            if isLastHope {
                throw SchedulerError(
                    .deadlock,
                    "Deadlock: the last runnable tasklet cannot be removed, because main waits",
                    blocked: BlockedReport(state).tasklets
                )
            }
            try checkMayLeave()
        }
        return leaveRunQueue(.schedule, context)
    }

    /// Plans to leave the run queue until nothing else is runnable, or a tasklet has used up the budget.
    ///
    /// Returns nil, with the lock released, when nothing else is runnable already.
    func planRunAll(budget: Int?, _ context: CallContext) throws -> SwitchPlan? {
        let state = pointee.owner
        state.pointee.lock.lock()
        try state.unlockingOnError { try checkMayLeave(isAlone: isLast) }
        guard !isLast else {
            state.pointee.noSwitch &+= 1
            state.pointee.lock.unlock()
            return nil
        }
        state.addWatchdog(self, budget: budget)
        return leaveRunQueue(.schedule, context)
    }

    /// After ``planRunAll(budget:_:)``: the tasklet that has used up the budget.
    func endRunAll() -> Tasklet? { pointee.owner.withLock { pointee.owner.removeWatchdog(self) } }

    /// Counts a checkpoint.
    ///
    /// A tasklet that has made more than its budget is paused, and the watchdog runs.
    func planCheckpoint(_ context: CallContext) throws -> SwitchPlan {
        let state = pointee.owner
        state.pointee.lock.lock()
        try state.unlockingOnError {
            if pointee.hasPendingInterruption { throw takeInterruption() }
            try refuseInCallback()
        }
        guard let watchdog = state.watchdogOverrun(by: self) else { return .unlock }
        state.leaveRunQueue(self)
        pointee.state = .paused
        state.makeReady(watchdog)
        if state.pointee.concurrent == nil {
            state.pointee.runQueue.current = watchdog
            // The tasklet has kept sockets and deadlines waiting for longer than a full interval of switches.
            state.pointee.fuel = 0
        }
        return state.planSwitch(from: self, .preemption, context)
    }

    private func leaveRunQueue(_ cause: SwitchCause, _ context: CallContext) -> SwitchPlan {
        let state = pointee.owner
        state.leaveRunQueue(self)
        pointee.state = .paused
        return state.planSwitch(from: self, cause, context)
    }

    // MARK: Conditions

    /// Nothing else is runnable, and nothing will make a tasklet so.
    private var isLast: Bool {
        let state = pointee.owner
        return state.runnableCount == 1 && !state.canStillWake
    }

    private func stay() -> SwitchPlan {
        pointee.owner.pointee.noSwitch &+= 1
        return .unlock
    }

    private func lock(with target: NodePointer) throws {
        guard pointee.owner == target.pointee.owner else {
            throw target.cannot(.wrongScheduler, "be reached from here: it belongs to another scheduler")
        }
        guard !target.pointee.isYetToBeAdded else {
            throw target.cannot(.unsupported, "be reached yet: it is being made in an actor on another thread")
        }
        pointee.owner.pointee.lock.lock()
    }

    private func checkMayRun() throws {
        switch pointee.state {
        case .paused, .ready, .running, .deferring: return
        case .ended: throw cannot(.deadTasklet, "run: it is dead")
        case .blocked, .selecting, .awaiting, .performing, .sleeping, .joining, .suspended, .proxy, .outstanding:
            throw cannot(.blockedTasklet, "run: it is blocked")
        }
    }

    private func cannot(_ code: SchedulerError.Code, _ what: String) -> SchedulerError {
        SchedulerError(code, "\(object) cannot \(what)")
    }
}
