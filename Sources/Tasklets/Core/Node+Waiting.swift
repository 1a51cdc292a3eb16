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
        if state.pointee.checksBeforeWaiting { try state.pointee.core.willSuspend(self) }
        let isAlone = pointee.next == self
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

    private func giveWayConcurrently(_ manner: Manner) throws -> Departure {
        let state = pointee.owner
        state.pointee.lock?.lock()
        try locked { try state.pointee.core.willSuspend(self) }
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
        state.pointee.lock?.lock()
        try locked { try state.pointee.core.willSuspend(self) }
        pointee.deadline = deadline
        pointee.state = .sleeping
        state.leaveRing(self)
        state.pointee.sleepingCount += 1
        let departure = state.depart(self, .sleep, manner)
        state.pointee.core.strategy.arm(self)
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
        if state.pointee.checksBeforeWaiting || pointee.next == self {
            try locked { try state.pointee.core.willBlock(self, joining: other) }
        }
        state.leaveRing(self)
        pointee.state = .joining
        pointee.joined = other
        other.pointee.joiners.append(self)
        return state.depart(self, .join, manner)
    }

    /// Runs a check that may throw; then the lock, held so far, is released.
    private func locked(_ check: () throws -> Void) throws {
        do { try check() } catch {
            pointee.owner.pointee.lock?.unlock()
            throw error
        }
    }
}
