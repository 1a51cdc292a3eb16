// SPDX-License-Identifier: Apache-2.0

public import CSwitch

/// The two halves of a channel operation that do not depend on the type of the value: handing over to a partner that
/// waits, and waiting for one.
///
/// Either arranges the queues and plans the caller's switch. On a concurrent scheduler the lock is still held on return,
/// so that the caller can empty or fill the partner's slot before any other tasklet sees it; performing the plan releases
/// it.
extension UnsafeMutablePointer<ChannelState> {
    /// Begins an operation: the calling tasklet, with the scheduler's lock held.
    ///
    /// Throws, with nothing changed, `wrongScheduler` when the caller is no tasklet, or one of another scheduler; and
    /// what ``SpecialCases`` have to say.
    @inlinable @inline(__always) package func enter(_ direction: Direction) throws -> NodePointer {
        if let hint = sw_current() {
            let me = hint.assumingMemoryBound(to: Node.self)
            let owner = me.pointee.owner
            // As numbers: comparing optional pointers looks at nil first.
            if owner.pointee.specialCases.rawValue == 0,
                UInt(bitPattern: pointee.owner) == UInt(bitPattern: owner),
                me.pointee.task == sw_active_task_word()
            {
                return me
            }
        }
        return try enterSpecialCase(direction)
    }

    @usableFromInline @inline(never) package func enterSpecialCase(_ direction: Direction) throws -> NodePointer {
        let me = try lockOwner()
        try me.pointee.owner.unlockingOnError {
            try me.checkMayAct(on: self, direction)
        }
        return me
    }

    // MARK: With a partner

    /// Plans to hand over to the partner that has waited longest, which there must be: it becomes runnable, and the
    /// channel's preference decides which of the two runs.
    @usableFromInline
    package func handOver(_ me: NodePointer, _ direction: Direction, _ context: CallContext) -> SwitchPlan {
        let state = me.pointee.owner
        pointee.note(me, direction)
        let partner = popPartner(of: direction)
        partner.pointee.state = .ready
        guard state.pointee.specialCases.isEmpty, !pointee.schedulesAll else {
            return handOverSpecialCase(me, partner, direction, context)
        }
        guard pointee.preference.prefersPartner(of: direction) else {
            state.pointee.runQueue.appendToOthers(partner)
            state.pointee.noSwitch &+= 1
            return .proceed
        }
        state.pointee.runQueue.insertNext(partner)
        me.pointee.state = .ready
        return state.planSwitch(from: me, direction.cause, context)
    }

    @inline(__always) private func popPartner(of direction: Direction) -> NodePointer {
        let first = direction == .send ? pointee.receivers.popFirst() : pointee.senders.popFirst()
        guard let first else { preconditionFailure("no partner waits") }
        pointee.balance &+= Int(direction.rawValue)
        return pointee.specialWaiters == 0 ? first : endOtherWaits(of: first)
    }

    /// The tasklet that a waiter stands for, taken out of everything else that it waits for.
    private func endOtherWaits(of waiter: NodePointer) -> NodePointer {
        if waiter.pointee.state == .proxy {
            pointee.specialWaiters -= 1
            return waiter.chooseProxy()
        }
        if waiter.pointee.timer.isSet {
            pointee.specialWaiters -= 1
            waiter.disarm()
        }
        return waiter
    }

    /// ``handOver(_:_:_:)`` where several tasklets run at once, where stacks may be short, and on a channel that lets
    /// every runnable tasklet run first.
    @inline(never)
    private func handOverSpecialCase(
        _ me: NodePointer,
        _ partner: NodePointer,
        _ direction: Direction,
        _ context: CallContext
    ) -> SwitchPlan {
        let state = me.pointee.owner
        let givesWay = pointee.schedulesAll || pointee.preference.prefersPartner(of: direction)
        guard givesWay, state.runner.mayHandOver() else {
            state.enqueue(partner)
            state.pointee.noSwitch &+= 1
            return .unlock
        }
        if pointee.schedulesAll {
            state.pointee.runQueue.append(partner)
            state.pointee.runQueue.rotate(from: me)
        } else {
            state.pointee.runQueue.insertNext(partner)
        }
        me.pointee.state = .ready
        return state.planSwitch(from: me, direction.cause, context)
    }

    // MARK: Without a partner

    /// Plans to wait for a partner.
    ///
    /// Throws, with nothing changed and the lock released, when the tasklet must not wait.
    @usableFromInline
    package func wait(_ me: NodePointer, _ direction: Direction, _ context: CallContext) throws -> SwitchPlan {
        let state = me.pointee.owner
        if !state.pointee.specialCases.isEmpty || pointee.isClosing || me.pointee.next == me {
            try state.unlockingOnError { try checkMayWait(me, direction, until: .never) }
        }
        pointee.note(me, direction)
        state.leaveRunQueue(me)
        enqueue(me, direction)
        return state.planSwitch(from: me, direction.cause, context)
    }

    /// Plans to wait for a partner until a deadline.
    ///
    /// Returns nil, with the lock released, when the deadline has passed.
    @usableFromInline package func wait(
        _ me: NodePointer,
        _ direction: Direction,
        until deadline: Deadline,
        _ context: CallContext
    ) throws -> SwitchPlan? {
        let state = me.pointee.owner
        guard deadline.isToCome else {
            defer { state.pointee.lock.unlock() }
            // An operation that does not wait is not subject to the traps.
            if pointee.isClosing { throw closedError(direction) }
            return nil
        }
        try state.unlockingOnError { try checkMayWait(me, direction, until: deadline) }
        pointee.note(me, direction)
        state.leaveRunQueue(me)
        enqueue(me, direction)
        guard deadline != .never else { return state.planSwitch(from: me, direction.cause, context) }
        pointee.specialWaiters += 1
        me.setDeadline(deadline)
        let plan = state.planSwitch(from: me, direction.cause, context)
        me.arm()
        return plan
    }

    @inline(__always) private func enqueue(_ me: NodePointer, _ direction: Direction) {
        if direction == .send { pointee.senders.append(me) } else { pointee.receivers.append(me) }
        pointee.balance &+= Int(direction.rawValue)
        me.pointee.direction = direction.rawValue
        me.pointee.awaited = UnsafeMutableRawPointer(self)
        me.pointee.state = .blocked
    }

    /// Puts a selecting tasklet's proxy into the queue.
    func enqueue(proxy: NodePointer, _ direction: Direction) {
        enqueue(proxy, direction)
        proxy.pointee.state = .proxy
        pointee.specialWaiters += 1
    }

    /// In Stackless's order: a block trap, a closed channel, and then what forbids leaving the processor.
    @inline(never) private func checkMayWait(
        _ me: NodePointer,
        _ direction: Direction,
        until deadline: Deadline
    ) throws {
        try me.checkBlockTrap()
        if pointee.isClosing { throw closedError(direction) }
        if deadline != .never { return try me.checkMayLeave() }
        try me.checkMayBlock { $0.describe(me, waitingFor: [(self, direction)]) }
    }

    /// Takes a waiter, a tasklet or a proxy, out of its queue, because something other than a partner wakes it.
    package func withdraw(_ waiter: NodePointer) {
        if waiter.pointee.direction == Direction.send.rawValue {
            pointee.senders.remove(waiter)
        } else {
            pointee.receivers.remove(waiter)
        }
        pointee.balance &-= Int(waiter.pointee.direction)
        if waiter.pointee.state == .proxy || waiter.pointee.timer.isSet { pointee.specialWaiters -= 1 }
    }

    // MARK: With the buffer

    /// Completes an operation that the buffer has answered, and wakes the sender whose value has moved into it.
    func completeFromBuffer(_ me: NodePointer, releasing sender: NodePointer?) {
        let state = me.pointee.owner
        state.pointee.noSwitch &+= 1
        if let sender { state.makeReady(endOtherWaits(of: sender)) }
        state.pointee.lock.unlock()
    }

    /// The sender whose value is next to move into the buffer, taken out of the queue.
    func popSenderForBuffer() -> NodePointer? {
        guard let sender = pointee.senders.popFirst() else { return nil }
        pointee.balance -= 1
        return sender
    }
}
