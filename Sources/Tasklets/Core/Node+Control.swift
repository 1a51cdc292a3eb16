// SPDX-License-Identifier: Apache-2.0

/// Tasklets that schedule tasklets.
///
/// Each operation arranges the ring and says how the caller leaves the processor, with the lock held where there is one;
/// or throws, with nothing changed and the lock released. `self` is the calling tasklet.
///
/// Semantics: Stackless Python, Stackless/module/taskletobject.c and Stackless/core/scheduling.c.
extension UnsafeMutablePointer<Node> {
    private var core: SchedulerCore { pointee.owner.pointee.core }

    // MARK: The ring

    /// Makes a paused tasklet runnable, after all that are.
    func insert(_ target: NodePointer) throws {
        try arrangeOthers(target) { if target.pointee.state == .paused { core.insert(target) } }
    }

    /// Takes a runnable tasklet out of the ring.
    func remove(_ target: NodePointer) throws {
        let state = pointee.owner
        try enter(with: target)
        defer { state.pointee.lock?.unlock() }
        try core.refuseInCallback(self)
        switch target.pointee.state {
        case .paused, .ended: return
        case .ready where core.unready(target): target.pointee.state = .paused
        case .ready, .running, .watching: throw target.cannot(.currentTasklet, "be removed while it runs")
        case .blocked, .selecting, .awaiting, .performing, .sleeping, .joining, .external, .proxy:
            throw target.cannot(.blockedTasklet, "be removed while it waits")
        }
    }

    private func arrangeOthers(_ target: NodePointer, _ change: () -> Void) throws {
        try enter(with: target)
        defer { pointee.owner.pointee.lock?.unlock() }
        try core.refuseInCallback(self)
        try target.checkMayRun()
        change()
    }

    // MARK: Switching to somebody

    /// Hands the processor to a tasklet; the caller stays in the ring, or leaves it.
    func hand(to target: NodePointer, leavingRing: Bool, _ manner: Manner) throws -> Departure {
        let state = pointee.owner
        try enter(with: target)
        try state.unlockingOnError {
            try target.checkMayRun()
            if target != self { try core.willSuspend(self) }
        }
        guard target != self else { return stay() }
        if target.pointee.state == .paused { core.insert(target) }
        // No thread was to be had for it.
        if target.pointee.state == .ended { return stay() }
        return switchTo(target, leavingRing: leavingRing, .schedule, manner)
    }

    /// Throws an error into a tasklet.
    ///
    /// Pending, it is thrown when the tasklet next runs; else now, and the caller stays in the ring.
    func raise(_ error: any Error, in target: NodePointer, pending: Bool, _ manner: Manner) throws -> Departure {
        let state = pointee.owner
        try enter(with: target)
        try state.unlockingOnError {
            try core.refuseInCallback(self)
            if target == self { throw error }
            if target.pointee.state == .ended {
                if !(error is TaskletExit) { throw target.cannot(.deadTasklet, "be thrown into: it is dead") }
            } else if !pending {
                try core.willSuspend(self)
            }
        }
        core.interrupt(target, with: error)
        switch target.pointee.state {
        case .ended, .external: return stay()
        case _ where pending: return stay()
        default: return switchTo(target, leavingRing: false, .kill, manner)
        }
    }

    /// The target is in the ring, or runs on another thread.
    private func switchTo(
        _ target: NodePointer,
        leavingRing: Bool,
        _ cause: Cause,
        _ manner: Manner
    ) -> Departure {
        let state = pointee.owner
        guard state.pointee.isOrdered else { return switchConcurrently(target, leavingRing, cause, manner) }
        if leavingRing {
            state.remove(self)
            pointee.state = .paused
        } else {
            pointee.state = .ready
        }
        state.pointee.current = target
        return state.depart(self, cause, manner)
    }

    /// Where several run at once, the target needs no processor of the caller's; but a caller who stays in the ring goes
    /// on only when the target has left the processor, as it would in the ring.
    private func switchConcurrently(
        _ target: NodePointer,
        _ leavingRing: Bool,
        _ cause: Cause,
        _ manner: Manner
    ) -> Departure {
        let state = pointee.owner
        state.leaveRing(self)
        if leavingRing {
            pointee.state = .paused
        } else {
            if target.pointee.state == .watching {
                core.detach(target)
                core.insert(target)
            }
            pointee.state = .watching
            pointee.awaited = UnsafeMutableRawPointer(target)
            target.pointee.waiters.append(self)
            state.pointee.watchingCount += 1
        }
        return state.depart(self, cause, manner)
    }

    // MARK: Leaving the ring

    /// Leaves the ring, for others to insert the tasklet again.
    func leaveRing(_ manner: Manner) throws -> Departure {
        let state = pointee.owner
        state.pointee.lock?.lock()
        if isLast, state.pointee.main == self, core.watchdogs.isEmpty {
            try state.unlockingOnError { try core.willSuspend(self, isAlone: true) }
            return stay()
        }
        try state.unlockingOnError {
            if core.isLastHope(self) {
                throw SchedulerError(
                    .deadlock,
                    "Deadlock: the last runnable tasklet cannot be removed, because main waits",
                    blocked: core.blockedNow
                )
            }
            try core.willSuspend(self)
        }
        state.leaveRing(self)
        pointee.state = .paused
        return state.depart(self, .schedule, manner)
    }

    /// Leaves the ring until nothing else is runnable, or somebody has used up the budget.
    ///
    /// Returns nil when that is so already.
    func runAll(budget: Int?, _ manner: Manner) throws -> Departure? {
        let state = pointee.owner
        state.pointee.lock?.lock()
        guard !isLast else {
            try state.unlockingOnError { try core.willSuspend(self, isAlone: true) }
            _ = stay()
            state.pointee.lock?.unlock()
            return nil
        }
        try state.unlockingOnError { try core.willSuspend(self) }
        core.addWatchdog(self, budget: budget)
        state.leaveRing(self)
        pointee.state = .paused
        return state.depart(self, .schedule, manner)
    }

    /// After ``runAll(budget:_:)``: who has used up the budget.
    func endRunAll() -> Tasklet? { pointee.owner.withLock { core.removeWatchdog(self) } }

    /// Counts a checkpoint; whoever has made too many leaves the ring, and the watchdog goes on.
    func checkpoint(_ manner: Manner) throws -> Departure {
        let state = pointee.owner
        state.pointee.lock?.lock()
        try state.unlockingOnError {
            if pointee.awaitsInterruption { throw takeInterruption() }
            try core.refuseInCallback(self)
        }
        guard core.overruns(self), let watchdog = core.toldWatchdog else { return Departure(unlocking) }
        state.leaveRing(self)
        pointee.state = .paused
        core.insert(watchdog)
        if state.pointee.isOrdered {
            state.pointee.current = watchdog
            // It has kept the outside world waiting for longer than so many switches do.
            state.pointee.fuel = 0
        }
        return state.depart(self, .preemption, manner)
    }

    // MARK: Their conditions

    /// Nothing else is runnable, and nothing will make anything so.
    private var isLast: Bool { core.runnableCount == 1 && !core.canStillWake }

    private var unlocking: Departure.Manner { pointee.owner.pointee.isOrdered ? .stay : .unlock }

    private func stay() -> Departure {
        pointee.owner.pointee.noSwitch &+= 1
        return Departure(unlocking)
    }

    /// Takes the lock.
    private func enter(with target: NodePointer) throws {
        guard pointee.owner == target.pointee.owner else {
            throw target.cannot(.wrongScheduler, "be reached from here: it belongs to another scheduler")
        }
        pointee.owner.pointee.lock?.lock()
    }

    private func checkMayRun() throws {
        switch pointee.state {
        case .paused, .ready, .running, .watching: return
        case .ended: throw cannot(.deadTasklet, "run: it is dead")
        case .blocked, .selecting, .awaiting, .performing, .sleeping, .joining, .external, .proxy:
            throw cannot(.blockedTasklet, "run: it is blocked, for it waits")
        }
    }

    private func cannot(_ code: SchedulerError.Code, _ what: String) -> SchedulerError {
        SchedulerError(code, "\(object) cannot \(what)")
    }
}
