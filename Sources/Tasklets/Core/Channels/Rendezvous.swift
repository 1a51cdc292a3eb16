// SPDX-License-Identifier: Apache-2.0

public import CSwitch

/// Sends and receives, as far as they do not depend on the type of the value.
///
/// An operation enters, plans, moves its value, and performs the plan. Planning arranges the queues, and says how the
/// caller continues and whose slot holds the value. On a concurrent scheduler the lock is held from the first step to
/// the last, so that no other tasklet sees a slot half done; performing the plan releases it.
///
/// Async, synchronous, with a deadline or in a select: every send goes through `planSend`, every receive through
/// `planReceive`.
extension UnsafeMutablePointer<ChannelState> {
    /// Begins an operation: the calling tasklet, with the scheduler's lock held.
    ///
    /// Nil, with nothing changed, where the caller is no tasklet, or not at home. Throws, with nothing changed,
    /// `wrongScheduler` when it is one of another scheduler; and what ``SpecialCases`` have to say.
    @inlinable @inline(__always) package func enter(_ direction: Direction) throws -> NodePointer? {
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

    @usableFromInline @inline(never) package func enterSpecialCase(_ direction: Direction) throws -> NodePointer? {
        guard let me = try lockOwner() else { return nil }
        try me.pointee.owner.unlockingOnError { try me.checkMayAct(on: self, direction) }
        return me
    }

    // MARK: Planning

    /// Plans a send.
    ///
    /// Throws, with nothing changed and the lock released, when the caller must not wait.
    ///
    /// - Returns: the plan, and the tasklet whose slot takes the value before the plan is performed: the receiver that
    ///   has waited longest, or else the caller.
    @inlinable @inline(__always)
    package func planSend(_ me: NodePointer, _ context: CallContext) throws -> (plan: SwitchPlan, holder: NodePointer) {
        if let receiver = pointee.receivers.first { return (handOver(me, context), receiver) }
        if pointee.isBuffered, let plan = planStore(me) { return (plan, me) }
        return (try waitForReceiver(me, context), me)
    }

    /// Plans a receive.
    ///
    /// Throws, with nothing changed and the lock released, when the caller must not wait.
    ///
    /// - Returns: the plan, and the tasklet whose slot holds the value once the plan has been performed: where there is
    ///   nothing to perform, the sender that has waited longest; otherwise the caller.
    @inlinable @inline(__always)
    package func planReceive(
        _ me: NodePointer,
        _ context: CallContext
    ) throws -> (plan: SwitchPlan, holder: NodePointer) {
        if pointee.isBuffered, let plan = takeFromBuffer(me) { return (plan, me) }
        guard let sender = pointee.senders.first else { return (try waitForSender(me, context), me) }
        let plan = takeOver(me, context)
        if plan.action == .proceed { return (plan, sender) }
        sender.moveSlot(to: me)
        return (plan, me)
    }

    /// ``planSend(_:_:)`` that waits until a deadline at most; nil, with the lock released, when that has passed.
    @usableFromInline package func planSend(
        _ me: NodePointer,
        until deadline: Deadline,
        _ context: CallContext
    ) throws -> (plan: SwitchPlan, holder: NodePointer)? {
        me.pointee.hasTimedOut = false
        guard wouldBlock(.send) else { return try planSend(me, context) }
        return try planWait(me, .send, until: deadline, context).map { ($0, me) }
    }

    /// ``planReceive(_:_:)`` that waits until a deadline at most; nil, with the lock released, when that has passed.
    @usableFromInline package func planReceive(
        _ me: NodePointer,
        until deadline: Deadline,
        _ context: CallContext
    ) throws -> (plan: SwitchPlan, holder: NodePointer)? {
        me.pointee.hasTimedOut = false
        guard wouldBlock(.receive) else { return try planReceive(me, context) }
        return try planWait(me, .receive, until: deadline, context).map { ($0, me) }
    }

    /// ``planReceive(_:_:)``; nil, with the lock released, when the channel is closing and nothing is left to receive.
    ///
    /// So an iteration can tell that from an error which says the same, and was sent.
    @inline(__always) func planReceiveUnlessClosed(
        _ me: NodePointer,
        _ context: CallContext
    ) throws -> (plan: SwitchPlan, holder: NodePointer)? {
        guard !pointee.isDrained else {
            me.pointee.owner.pointee.lock.unlock()
            return nil
        }
        return try planReceive(me, context)
    }

    // MARK: With a partner

    /// The receiver that has waited longest takes the caller's value, and runs at once where the channel's preference
    /// says so.
    @usableFromInline package func handOver(_ me: NodePointer, _ context: CallContext) -> SwitchPlan {
        let state = me.pointee.owner
        guard state.pointee.specialCases.isEmpty, pointee.isSimple, let receiver = pointee.receivers.popFirst() else {
            return meetSpecialCase(me, .send, context)
        }
        pointee.note(me, .send)
        pointee.balance &+= 1
        receiver.pointee.state = .ready
        guard pointee.preference == .receiver else {
            state.pointee.runQueue.appendToOthers(receiver)
            state.pointee.noSwitch &+= 1
            return .proceed
        }
        state.pointee.runQueue.insertNext(receiver)
        me.pointee.state = .ready
        return state.planSwitch(from: me, .send, context)
    }

    /// The caller takes the value of the sender that has waited longest, and runs on unless the channel prefers
    /// senders.
    @usableFromInline package func takeOver(_ me: NodePointer, _ context: CallContext) -> SwitchPlan {
        let state = me.pointee.owner
        guard state.pointee.specialCases.isEmpty, pointee.isSimple, pointee.preference != .sender,
            let sender = pointee.senders.popFirst()
        else { return meetSpecialCase(me, .receive, context) }
        pointee.note(me, .receive)
        pointee.balance &-= 1
        sender.pointee.state = .ready
        state.pointee.runQueue.appendToOthers(sender)
        state.pointee.noSwitch &+= 1
        return .proceed
    }

    /// Meets a partner on a scheduler with special cases, or on a channel that prefers the partner of a receiver, whose
    /// waiters wait for something else too, or that lets every runnable tasklet run first.
    ///
    /// A concurrent scheduler has no order to give way in, and one that sets stacks aside needs room for them.
    @inline(never)
    private func meetSpecialCase(_ me: NodePointer, _ direction: Direction, _ context: CallContext) -> SwitchPlan {
        let state = me.pointee.owner
        let waiter = direction == .send ? pointee.receivers.popFirst() : pointee.senders.popFirst()
        guard let waiter else { preconditionFailure("no partner waits") }
        pointee.note(me, direction)
        pointee.balance &+= Int(direction.rawValue)
        let partner = endOtherWaits(of: waiter)
        partner.pointee.state = .ready
        let givesWay = pointee.schedulesAll || pointee.preference.prefersPartner(of: direction)
        guard givesWay, state.pointee.concurrent == nil, state.hasRoomToPark() else {
            state.enqueue(partner)
            state.pointee.noSwitch &+= 1
            return .unlock
        }
        if state.isTraced { state.traceReady(partner) }
        if pointee.schedulesAll {
            state.pointee.runQueue.append(partner)
            state.pointee.runQueue.rotate(from: me)
        } else {
            state.pointee.runQueue.insertNext(partner)
        }
        me.pointee.state = .ready
        return state.planSwitch(from: me, direction.cause, context)
    }

    /// The tasklet that a waiter stands for, taken out of everything else that it waits for.
    func endOtherWaits(of waiter: NodePointer) -> NodePointer {
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

    // MARK: Without a partner

    /// The caller parks as a sender.
    @usableFromInline package func waitForReceiver(_ me: NodePointer, _ context: CallContext) throws -> SwitchPlan {
        try planWait(me, .send, context)
    }

    /// The caller parks as a receiver.
    @usableFromInline package func waitForSender(_ me: NodePointer, _ context: CallContext) throws -> SwitchPlan {
        try planWait(me, .receive, context)
    }

    @inline(__always)
    private func planWait(_ me: NodePointer, _ direction: Direction, _ context: CallContext) throws -> SwitchPlan {
        let state = me.pointee.owner
        guard let next = me.pointee.next, next != me, !pointee.isClosing, state.isDirect(to: next, context) else {
            return try checkAndWait(me, direction, context)
        }
        pointee.note(me, direction)
        state.pointee.runQueue.removeCurrent(me)
        enqueue(me, direction)
        return state.planDirectSwitch(from: me, to: next, direction.cause)
    }

    /// Waits where something may forbid that, where nothing else is runnable, and where the switch is not direct.
    @inline(never)
    private func checkAndWait(_ me: NodePointer, _ direction: Direction, _ context: CallContext) throws -> SwitchPlan {
        let state = me.pointee.owner
        if !state.pointee.specialCases.isEmpty || pointee.isClosing || state.pointee.runQueue.count == 1 {
            try state.unlockingOnError { try checkMayWait(me, direction, until: .never) }
        }
        pointee.note(me, direction)
        state.leaveRunQueue(me)
        enqueue(me, direction)
        return state.planSwitch(from: me, direction.cause, context)
    }

    private func planWait(
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
    private func checkMayWait(_ me: NodePointer, _ direction: Direction, until deadline: Deadline) throws {
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
}
