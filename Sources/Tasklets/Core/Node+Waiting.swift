// SPDX-License-Identifier: Apache-2.0

/// What a tasklet waits for, other than channels.
///
/// Each arranges the ring and says how the caller leaves the processor, with the lock held where there is one; or
/// throws, with nothing changed and the lock released.
extension UnsafeMutablePointer<Node> {
    /// Lets all others have a turn.
    @usableFromInline package func giveWay(_ manner: Manner) throws -> Departure {
        let state = pointee.owner
        guard state.pointee.isOrdered else { return try giveWayConcurrently(manner) }
        let isAlone = pointee.next == self
        if !state.pointee.specialCases.isEmpty { try state.pointee.core.willSuspend(self, isAlone: isAlone) }
        if isAlone {
            state.pointee.noSwitch &+= 1
            state.pointee.fuel &-= 1
            // Alone; but now and then the outside world has to be looked at.
            if state.pointee.fuel > 0 { return Departure(.stay) }
        }
        pointee.state = .ready
        state.pointee.current = pointee.next
        return state.depart(self, isAlone ? nil : .schedule, manner)
    }

    /// Where several run at once, nobody can say whether there is another to switch to; so a switch trap refuses it.
    private func giveWayConcurrently(_ manner: Manner) throws -> Departure {
        let state = pointee.owner
        state.pointee.lock?.lock()
        try state.unlockingOnError { try state.pointee.core.willSuspend(self) }
        pointee.checkpoints = 0
        if state.pointee.watchingCount > 0 { state.pointee.core.wakeWatchers(of: self) }
        if state.pointee.switching == .kernel {
            state.pointee.tally.count(.schedule, .kernel)
            state.pointee.lock?.unlock()
            state.pointee.core.strategy.yieldThread()
            return Departure(.stay)
        }
        guard state.pointee.core.strategy.hasOthersReady else {
            state.pointee.noSwitch &+= 1
            state.pointee.lock?.unlock()
            return Departure(.stay)
        }
        state.leaveRing(self)
        pointee.state = .ready
        let departure = state.depart(self, .schedule, manner)
        state.pointee.core.makeReady(self)
        return departure
    }

    /// Waits for a deadline.
    func sleep(until deadline: Deadline, _ manner: Manner) throws -> Departure {
        let state = pointee.owner
        let core = state.pointee.core
        state.pointee.lock?.lock()
        try state.unlockingOnError {
            try core.checkBlockTrap(self)
            try core.willSuspend(self)
        }
        pointee.state = .sleeping
        state.leaveRing(self)
        state.setDeadline(deadline, of: self)
        let departure = state.depart(self, .sleep, manner)
        state.arm(self)
        return departure
    }

    /// Waits for another tasklet's end.
    func join(_ other: NodePointer, _ manner: Manner) throws -> Departure {
        let state = pointee.owner
        guard state == other.pointee.owner else {
            throw SchedulerError(.wrongScheduler, "\(other.object) belongs to another scheduler than who joins it")
        }
        guard self != other else {
            throw SchedulerError(.currentTasklet, "\(other.object) cannot wait for its own end")
        }
        state.pointee.lock?.lock()
        if other.pointee.state == .ended {
            state.pointee.noSwitch &+= 1
            state.pointee.lock?.unlock()
            return Departure(.stay)
        }
        if !state.pointee.specialCases.isEmpty || pointee.next == self { try willJoin(other) }
        state.leaveRing(self)
        pointee.state = .joining
        pointee.awaited = UnsafeMutableRawPointer(other)
        other.pointee.waiters.append(self)
        return state.depart(self, .join, manner)
    }

    private func willJoin(_ other: NodePointer) throws {
        let core = pointee.owner.pointee.core
        try pointee.owner.unlockingOnError {
            try core.checkBlockTrap(self)
            try core.willBlock(self) { $0.describe(self, joining: other) }
        }
    }
}
