// SPDX-License-Identifier: Apache-2.0

/// What happens when an operation finds no partner.
extension UnsafeMutablePointer<ChannelState> {
    /// Puts the caller into the queue as a sender, and finds out how it leaves the processor.
    ///
    /// Throws, with nothing changed and the lock released, when it must not wait.
    @usableFromInline package func waitAsSender(_ me: NodePointer, _ manner: Manner) throws -> Departure {
        try wait(me, .send, manner)
    }

    /// The same as a receiver.
    @usableFromInline package func waitAsReceiver(_ me: NodePointer, _ manner: Manner) throws -> Departure {
        try wait(me, .receive, manner)
    }

    /// The same until a deadline at most; nil, with the lock released, when that has passed already.
    @usableFromInline package func waitAsSender(
        _ me: NodePointer,
        until deadline: ContinuousClock.Instant,
        _ manner: Manner
    ) throws -> Departure? {
        try wait(me, .send, until: Deadline(deadline), manner)
    }

    /// The same as a receiver.
    @usableFromInline package func waitAsReceiver(
        _ me: NodePointer,
        until deadline: ContinuousClock.Instant,
        _ manner: Manner
    ) throws -> Departure? {
        try wait(me, .receive, until: Deadline(deadline), manner)
    }

    /// The usual case comes first, and calls nothing: the caller parks softly, and the next in the ring, which has done
    /// so too, goes on.
    @inline(__always)
    private func wait(_ me: NodePointer, _ direction: Direction, _ manner: Manner) throws -> Departure {
        let state = me.pointee.owner
        guard manner == .plain, state.pointee.specialCases.isEmpty, !pointee.isClosing, state.pointee.fuel > 1,
            let next = me.pointee.next, next != me, next.pointee.resumption == .soft,
            state.pointee.switching == .soft
        else { return try waitSlowly(me, direction, manner) }
        pointee.note(me, direction)
        state.removeCurrent(me)
        enqueue(me, direction)
        me.pointee.resumption = .soft
        state.pointee.tally.count(direction.cause, .soft)
        state.pointee.fuel &-= 1
        next.pointee.state = .running
        return Departure(.soft, to: Successor(next.contextAddress, next))
    }

    @inline(never)
    private func waitSlowly(
        _ me: NodePointer,
        _ direction: Direction,
        _ manner: Manner
    ) throws -> Departure {
        let state = me.pointee.owner
        if !state.pointee.specialCases.isEmpty || pointee.isClosing || me.pointee.next == me {
            try state.unlockingOnError { try checkMayWait(me, direction, until: .never) }
        }
        pointee.note(me, direction)
        state.leaveRing(me)
        enqueue(me, direction)
        return state.depart(me, direction.cause, manner)
    }

    /// Waits until a deadline at most.
    ///
    /// Returns nil, with the lock released, when that has passed already.
    private func wait(_ me: NodePointer, _ direction: Direction, until deadline: Deadline, _ manner: Manner) throws
        -> Departure?
    {
        let state = me.pointee.owner
        guard deadline.isToCome else {
            defer { leave(me) }
            // Whoever does not wait need not mind the traps.
            if pointee.isClosing { throw closedError(direction) }
            return nil
        }
        try state.unlockingOnError { try checkMayWait(me, direction, until: deadline) }
        me.pointee.hasTimedOut = false
        pointee.note(me, direction)
        state.leaveRing(me)
        enqueue(me, direction)
        guard deadline != .never else { return state.depart(me, direction.cause, manner) }
        pointee.specialWaiters += 1
        state.setDeadline(deadline, of: me)
        let departure = state.depart(me, direction.cause, manner)
        state.arm(me)
        return departure
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

    /// What is not the rule, in Stackless's order: a block trap, a closed channel; and then whatever speaks against
    /// leaving the processor.
    @inline(never) private func checkMayWait(
        _ me: NodePointer,
        _ direction: Direction,
        until deadline: Deadline
    ) throws {
        let core = me.pointee.owner.pointee.core
        try core.checkBlockTrap(me)
        if pointee.isClosing { throw closedError(direction) }
        if deadline != .never { return try core.willSuspend(me) }
        try core.willBlock(me) { $0.describe(me, waitingFor: [(self, direction)]) }
    }

    func closedError(_ direction: Direction) -> SchedulerError {
        let partner = direction == .send ? "receive from" : "send to"
        return SchedulerError(.channelClosed, "\(label) is closed, and nobody waits to \(partner) it")
    }

    /// Takes a waiter, a tasklet or a proxy, out of the queue, because something else than a partner wakes it.
    package func withdraw(_ waiter: NodePointer) {
        if waiter.pointee.direction == Direction.send.rawValue {
            pointee.senders.remove(waiter)
        } else {
            pointee.receivers.remove(waiter)
        }
        pointee.balance &-= Int(waiter.pointee.direction)
        if waiter.pointee.state == .proxy || waiter.pointee.hasDeadline { pointee.specialWaiters -= 1 }
    }

    /// Closes the channel.
    ///
    /// With the lock held. Those who wait on a rendezvous go on waiting, as in Stackless; on a channel with a buffer
    /// they are told, as in Go.
    func close() {
        pointee.isClosing = true
        guard pointee.capacity > 0, let core = pointee.core else { return }
        for direction in [Direction.receive, .send] {
            while let waiter = direction == .send ? pointee.senders.first : pointee.receivers.first {
                core.interrupt(waiter.tasklet, with: closedError(direction))
            }
        }
    }
}
