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
    package var queue = WaitQueue()
    package var preference = Preference.receiver
    package var schedulesAll = false
    package var isClosing = false
    /// Keeps the owner alive.
    package var core: SchedulerCore?
    package let name: String?

    package init(name: String?) { self.name = name }
}

@usableFromInline package typealias ChannelPointer = UnsafeMutablePointer<ChannelState>

/// Which way a tasklet acts on a channel.
@usableFromInline
package enum Direction: Int8 {
    case send = 1
    case receive = -1
}

extension UnsafeMutablePointer<ChannelState> {
    /// The calling tasklet, with the scheduler's lock held where there is one.
    ///
    /// Throws `wrongScheduler` when the caller is no tasklet, or one of another scheduler.
    @inlinable @inline(__always) package func enter() throws -> NodePointer {
        if let hint = sw_current() {
            let me = hint.assumingMemoryBound(to: Node.self)
            let owner = me.pointee.owner
            if owner == pointee.owner, owner.pointee.isOrdered, me.pointee.task == sw_active_task() { return me }
        }
        return try enterSlowly()
    }

    @usableFromInline @inline(never) package func enterSlowly() throws -> NodePointer {
        guard let me = SchedulerCore.currentNode() else {
            throw SchedulerError(.wrongScheduler, "\(label) was used outside any tasklet; only tasklets may use channels")
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
        unboundChannels.withLock {
            guard pointee.owner == nil else { return }
            pointee.core = owner.pointee.core
            pointee.owner = owner
        }
    }

    /// Ends an operation that does not park.
    @inlinable @inline(__always) package func leave(_ me: NodePointer) {
        if !me.pointee.owner.pointee.isOrdered { me.pointee.owner.pointee.lock?.unlock() }
    }

    /// Takes the longest waiting partner out of the queue. There is one.
    @usableFromInline package func takePartner() -> NodePointer {
        guard let partner = pointee.queue.popFirst() else { preconditionFailure("the balance counts who waits") }
        pointee.balance &-= Int(partner.pointee.direction)
        partner.pointee.state = .ready
        return partner
    }

    /// Makes the partner of a finished transfer runnable, and decides whether the caller gives way to it.
    ///
    /// Unless the caller stays, the ring is arranged then, and the lock still held.
    @usableFromInline
    package func handOver(
        _ me: NodePointer,
        to partner: NodePointer,
        _ direction: Direction,
        _ manner: Manner
    ) -> Departure {
        let state = me.pointee.owner
        if state.pointee.checksBeforeWaiting, !mayGiveWay(me, to: partner) { return .stay }
        let givesWay = pointee.preference.rawValue == -Int(direction.rawValue)
        guard givesWay || pointee.schedulesAll else {
            state.append(partner)
            state.pointee.noSwitch &+= 1
            return .stay
        }
        if pointee.schedulesAll {
            state.append(partner)
            state.pointee.current = me.pointee.next
        } else {
            state.insertAfterCurrent(partner)
            state.pointee.current = partner
        }
        me.pointee.state = .ready
        return state.depart(me, direction == .send ? .send : .receive, manner)
    }

    /// Puts the caller into the queue, and finds out how it leaves the processor.
    ///
    /// Throws, with nothing changed and the lock released, when it must not wait.
    @usableFromInline
    package func wait(_ me: NodePointer, _ direction: Direction, _ manner: Manner) throws -> Departure {
        let state = me.pointee.owner
        if state.pointee.checksBeforeWaiting || pointee.isClosing || me.pointee.next == me {
            try checkMayWait(me, direction)
        }
        state.leaveRing(me)
        pointee.queue.append(me)
        pointee.balance &+= Int(direction.rawValue)
        me.pointee.direction = direction.rawValue
        me.pointee.channel = self
        me.pointee.state = .blocked
        return state.depart(me, direction == .send ? .send : .receive, manner)
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

    /// On an unordered scheduler there is nothing to give way in: the partner is made ready, and the operation is over.
    /// On one that switches hard there has to be a stack to go on with; without one, the partner has to wait its turn.
    @inline(never) private func mayGiveWay(_ me: NodePointer, to partner: NodePointer) -> Bool {
        let state = me.pointee.owner
        if state.pointee.isOrdered, state.pointee.core.hasIdleStack() { return true }
        state.pointee.core.makeReady(partner)
        state.pointee.noSwitch &+= 1
        state.pointee.lock?.unlock()
        return false
    }

    /// Takes a waiting tasklet out of the queue, because something else than a partner wakes it.
    package func withdraw(_ node: NodePointer) {
        pointee.queue.remove(node)
        pointee.balance &-= Int(node.pointee.direction)
    }

    /// For messages: `channel 'numbers'`, or `a channel`.
    package var label: String { pointee.name.map { "channel '\($0)'" } ?? "a channel without a name" }
}

private let unboundChannels = Lock()
