// SPDX-License-Identifier: Apache-2.0

public import CSwitch

/// The part of a channel that does not depend on what it carries.
///
/// Invariants: the queue holds either senders or receivers, never both; `balance` is the number of waiting senders, or
/// minus the number of waiting receivers. Touched by the scheduler's tasklets only, under the lock where there is one.
///
/// Semantics: Stackless Python, Stackless/module/channelobject.c, generic_channel_action.
@usableFromInline
package struct ChannelState {
    @usableFromInline package var balance = 0
    /// The scheduler that it belongs to; nil until a tasklet has used it, when it was made outside any.
    @usableFromInline package var owner: StatePointer?
    /// The same as a number, where no lock has to be taken and the runtime is known: 0 elsewhere.
    @usableFromInline package var fastOwner: UInt = 0
    @usableFromInline package var queue = WaitQueue()
    package var preference = Preference.receiver
    package var schedulesAll = false
    package var isClosing = false
    /// Keeps the owner alive.
    package var core: SchedulerCore?
    package let name: String?

    package init(name: String?) { self.name = name }

    package mutating func bind(to owner: StatePointer) {
        core = owner.pointee.core
        self.owner = owner
        fastOwner = owner.pointee.isOrdered && RuntimeCheck.isKnown ? UInt(bitPattern: owner) : 0
    }
}

@usableFromInline package typealias ChannelPointer = UnsafeMutablePointer<ChannelState>

/// Which way a tasklet acts on a channel.
@usableFromInline
package enum Direction: Int8 {
    case send = 1
    case receive = -1

    @inline(__always) var cause: Cause { self == .send ? .send : .receive }
}

extension UnsafeMutablePointer<ChannelState> {
    /// The calling tasklet, with the scheduler's lock held where there is one.
    ///
    /// Throws `wrongScheduler` when the caller is no tasklet, or one of another scheduler.
    @inlinable @inline(__always) package func enter() throws -> NodePointer {
        if let hint = sw_current() {
            let me = hint.assumingMemoryBound(to: Node.self)
            if UInt(bitPattern: me.pointee.owner) == pointee.fastOwner, me.pointee.task == sw_active_task_word() {
                return me
            }
        }
        return try enterSlowly()
    }

    @usableFromInline @inline(never) package func enterSlowly() throws -> NodePointer {
        guard let me = SchedulerCore.currentNode() else {
            throw SchedulerError(
                .wrongScheduler,
                "\(label) was used outside any tasklet; only tasklets may use channels"
            )
        }
        let owner = me.pointee.owner
        owner.pointee.lock?.lock()
        if pointee.owner == nil { adopt(owner) }
        guard pointee.owner == owner else {
            owner.pointee.lock?.unlock()
            throw SchedulerError(.wrongScheduler, "\(label) belongs to another scheduler than the tasklet that used it")
        }
        return me
    }

    /// Binds a channel that was made outside any tasklet to the first scheduler that uses it.
    private func adopt(_ owner: StatePointer) {
        // Two schedulers may meet here on two threads; their own locks do not exclude each other.
        boundChannels.withLock { count in
            guard pointee.owner == nil else { return }
            pointee.bind(to: owner)
            count += 1
        }
    }

    /// Ends an operation that does not park.
    package func leave(_ me: NodePointer) { me.pointee.owner.pointee.lock?.unlock() }

    /// Takes the sender that has waited longest out of the queue, makes it runnable, and decides whether the caller, a
    /// receiver, gives way to it.
    ///
    /// The lock is still held, so that the caller can empty the sender's hand before anybody else sees it; the
    /// ``Departure`` says how it goes on.
    @usableFromInline package func takeSender(for me: NodePointer, _ manner: Manner) -> Departure {
        handOver(me, .receive, manner)
    }

    /// The same for a sender that has found a receiver waiting, whose hand it fills.
    @usableFromInline package func takeReceiver(for me: NodePointer, _ manner: Manner) -> Departure {
        handOver(me, .send, manner)
    }

    /// The usual case comes first, and calls nothing: the caller stays, its partner goes to the end of the ring.
    @inline(__always)
    private func handOver(_ me: NodePointer, _ direction: Direction, _ manner: Manner) -> Departure {
        let state = me.pointee.owner
        guard !state.pointee.checksBeforeWaiting, !pointee.schedulesAll,
            pointee.preference.rawValue != -Int(direction.rawValue), let partner = pointee.queue.popFirst()
        else { return handOverSlowly(me, direction, manner) }
        pointee.balance &+= Int(direction.rawValue)
        partner.pointee.state = .ready
        state.appendToOthers(partner)
        state.pointee.noSwitch &+= 1
        return Departure(.stay)
    }

    @inline(never)
    private func handOverSlowly(
        _ me: NodePointer,
        _ direction: Direction,
        _ manner: Manner
    ) -> Departure {
        let state = me.pointee.owner
        guard let partner = pointee.queue.popFirst() else { preconditionFailure("the balance counts who waits") }
        pointee.balance &+= Int(direction.rawValue)
        partner.pointee.state = .ready
        if state.pointee.checksBeforeWaiting, !mayGiveWay(me) { return stay(me, partner) }
        if pointee.schedulesAll {
            state.append(partner)
            state.pointee.current = me.pointee.next
        } else if pointee.preference.rawValue == -Int(direction.rawValue) {
            state.insertAfterCurrent(partner)
            state.pointee.current = partner
        } else {
            return stay(me, partner)
        }
        me.pointee.state = .ready
        return state.depart(me, direction.cause, manner)
    }

    /// On an unordered scheduler there is nothing to give way in.
    ///
    /// On one that switches hard there has to be a stack to go on with.
    @inline(never) private func mayGiveWay(_ me: NodePointer) -> Bool {
        let state = me.pointee.owner
        return state.pointee.isOrdered && (!state.pointee.needsStack || state.pointee.core.hasIdleStack())
    }

    @inline(never) private func stay(_ me: NodePointer, _ partner: NodePointer) -> Departure {
        let state = me.pointee.owner
        state.pointee.core.makeReady(partner)
        state.pointee.noSwitch &+= 1
        return Departure(state.pointee.isOrdered ? .stay : .unlock)
    }

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

    /// The usual case comes first, and calls nothing: the caller parks softly, and the next in the ring, which has done
    /// so too, goes on.
    @inline(__always)
    private func wait(_ me: NodePointer, _ direction: Direction, _ manner: Manner) throws -> Departure {
        let state = me.pointee.owner
        guard manner == .plain, !state.pointee.checksBeforeWaiting, !pointee.isClosing, state.pointee.fuel > 1,
            let next = me.pointee.next, next != me, next.pointee.resumption == .soft,
            state.pointee.switching == .soft
        else { return try waitSlowly(me, direction, manner) }
        state.removeCurrent(me)
        enqueue(me, direction)
        me.pointee.resumption = .soft
        state.pointee.tally.count(direction.cause, .soft)
        state.pointee.fuel &-= 1
        state.markRunning(next)
        return Departure(.soft, to: next.contextAddress)
    }

    @inline(never)
    private func waitSlowly(
        _ me: NodePointer,
        _ direction: Direction,
        _ manner: Manner
    ) throws -> Departure {
        let state = me.pointee.owner
        if state.pointee.checksBeforeWaiting || pointee.isClosing || me.pointee.next == me {
            try checkMayWait(me, direction)
        }
        state.leaveRing(me)
        enqueue(me, direction)
        return state.depart(me, direction.cause, manner)
    }

    @inline(__always) private func enqueue(_ me: NodePointer, _ direction: Direction) {
        pointee.queue.append(me)
        pointee.balance &+= Int(direction.rawValue)
        me.pointee.direction = direction.rawValue
        me.pointee.channel = self
        me.pointee.state = .blocked
    }

    /// What is not the rule: a closed channel, the last runnable tasklet, no stack, or an unordered scheduler.
    @inline(never) private func checkMayWait(_ me: NodePointer, _ direction: Direction) throws {
        let state = me.pointee.owner
        do {
            if pointee.isClosing {
                throw SchedulerError(
                    .channelClosed,
                    "\(label) is closed, and nobody waits to \(direction == .send ? "receive from" : "send to") it"
                )
            }
            try state.pointee.core.willBlock(me, waitingFor: (self, direction))
        } catch {
            state.pointee.lock?.unlock()
            throw error
        }
    }

    /// Takes a waiting tasklet out of the queue, because something else than a partner wakes it.
    package func withdraw(_ node: NodePointer) {
        pointee.queue.remove(node)
        pointee.balance &-= Int(node.pointee.direction)
    }

    /// For messages: `channel 'numbers'`, or `a channel`.
    package var label: String { pointee.name.map { "channel '\($0)'" } ?? "a channel without a name" }
}

/// How many channels were made outside any tasklet and then bound.
private let boundChannels = Guarded(0)
