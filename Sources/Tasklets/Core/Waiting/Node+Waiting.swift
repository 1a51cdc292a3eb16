// SPDX-License-Identifier: Apache-2.0

/// Sleeping, joining another tasklet, and yielding. `self` is the calling tasklet.
///
/// Each takes the lock, arranges the queues and plans the caller's switch; or throws with nothing changed and the lock
/// released.
extension UnsafeMutablePointer<Node> {
    /// Plans to wait for a deadline.
    func planSleep(until deadline: Deadline, _ context: CallContext) throws -> SwitchPlan {
        let state = pointee.owner
        state.pointee.lock.lock()
        try state.unlockingOnError {
            try checkBlockTrap()
            try checkMayLeave()
        }
        pointee.state = .sleeping
        state.leaveRunQueue(self)
        setDeadline(deadline)
        let plan = state.planSwitch(from: self, .sleep, context)
        arm()
        return plan
    }

    /// Plans to wait for another tasklet's end.
    func planJoin(_ other: NodePointer, _ context: CallContext) throws -> SwitchPlan {
        let state = pointee.owner
        guard state == other.pointee.owner else {
            throw SchedulerError(.wrongScheduler, "\(other.object) belongs to another scheduler than its joiner")
        }
        guard self != other else {
            throw SchedulerError(.currentTasklet, "\(other.object) cannot wait for its own end")
        }
        state.pointee.lock.lock()
        if other.pointee.state == .ended {
            state.pointee.noSwitch &+= 1
            state.pointee.lock.unlock()
            return .proceed
        }
        if !state.pointee.specialCases.isEmpty || pointee.next == self { try checkMayJoin(other) }
        state.leaveRunQueue(self)
        pointee.state = .joining
        pointee.awaited = UnsafeMutableRawPointer(other)
        other.pointee.waiters.append(self)
        return state.planSwitch(from: self, .join, context)
    }

    private func checkMayJoin(_ other: NodePointer) throws {
        try pointee.owner.unlockingOnError {
            try checkBlockTrap()
            try checkMayBlock { $0.describe(self, joining: other) }
        }
    }
}

extension UnsafeMutablePointer<Node> {
    /// Plans to let every other runnable tasklet have a turn.
    @usableFromInline package func planYield(_ context: CallContext) throws -> SwitchPlan {
        let state = pointee.owner
        guard state.pointee.specialCases.isEmpty, state.pointee.runQueue.count > 1 else {
            return try planYieldSpecialCase(context)
        }
        pointee.state = .ready
        state.pointee.runQueue.rotate(from: self)
        return state.planSwitch(from: self, .schedule, context)
    }

    @inline(never) private func planYieldSpecialCase(_ context: CallContext) throws -> SwitchPlan {
        let state = pointee.owner
        if let concurrent = state.pointee.concurrent {
            return try concurrent._withUnsafeGuaranteedRef { try $0.planYield(self, context) }
        }
        let isAlone = pointee.next == self
        if !state.pointee.specialCases.isEmpty { try checkMayLeave(isAlone: isAlone) }
        if isAlone {
            state.pointee.noSwitch &+= 1
            state.pointee.fuel &-= 1
            // Nothing to switch to; but now and then the loop has to poll.
            if state.pointee.fuel > 0 { return .proceed }
        }
        pointee.state = .ready
        state.pointee.runQueue.rotate(from: self)
        return state.planSwitch(from: self, isAlone ? nil : .schedule, context)
    }
}
