// SPDX-License-Identifier: Apache-2.0

/// What happens when an operation finds a partner waiting.
///
/// The partner is taken out of the queue and made runnable, and the channel's preference decides who goes on. The lock,
/// where there is one, is still held on return, so that the caller can empty the partner's hand, or fill it, before
/// anybody else sees it; the ``Departure`` says how the caller goes on.
extension UnsafeMutablePointer<ChannelState> {
    /// For a receiver: takes the sender that has waited longest.
    @usableFromInline package func takeSender(for me: NodePointer, _ manner: Manner) -> Departure {
        handOver(me, .receive, manner)
    }

    /// For a sender: takes the receiver that has waited longest.
    @usableFromInline package func takeReceiver(for me: NodePointer, _ manner: Manner) -> Departure {
        handOver(me, .send, manner)
    }

    /// The usual case comes first, and calls nothing: the caller stays, its partner goes to the end of the ring.
    @inline(__always)
    private func handOver(_ me: NodePointer, _ direction: Direction, _ manner: Manner) -> Departure {
        let state = me.pointee.owner
        pointee.note(me, direction)
        guard state.pointee.specialCases.isEmpty, pointee.isSimple,
            !pointee.preference.prefersPartner(of: direction), let partner = popPartner(of: direction)
        else { return handOverSlowly(me, direction, manner) }
        pointee.balance &+= Int(direction.rawValue)
        partner.pointee.state = .ready
        state.appendToOthers(partner)
        state.pointee.noSwitch &+= 1
        return Departure(.stay)
    }

    @inline(__always) private func popPartner(of direction: Direction) -> NodePointer? {
        direction == .send ? pointee.receivers.popFirst() : pointee.senders.popFirst()
    }

    @inline(never)
    private func handOverSlowly(
        _ me: NodePointer,
        _ direction: Direction,
        _ manner: Manner
    ) -> Departure {
        let state = me.pointee.owner
        guard let first = popPartner(of: direction) else { preconditionFailure("no partner waits") }
        pointee.balance &+= Int(direction.rawValue)
        let partner = pointee.specialWaiters == 0 ? first : settle(first)
        partner.pointee.state = .ready
        if !state.pointee.specialCases.isEmpty, !mayGiveWay(me) { return stay(me, partner) }
        if pointee.schedulesAll {
            state.append(partner)
            state.pointee.current = me.pointee.next
        } else if pointee.preference.prefersPartner(of: direction) {
            state.insertAfterCurrent(partner)
            state.pointee.current = partner
        } else {
            return stay(me, partner)
        }
        me.pointee.state = .ready
        return state.depart(me, direction.cause, manner)
    }

    /// The tasklet that a waiter stands for, which waits for nothing else any more.
    private func settle(_ waiter: NodePointer) -> NodePointer {
        if waiter.pointee.state == .proxy {
            pointee.specialWaiters -= 1
            return waiter.chooseProxy()
        }
        if waiter.pointee.hasDeadline {
            pointee.specialWaiters -= 1
            waiter.pointee.owner.disarm(waiter)
        }
        return waiter
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

    /// An operation that the buffer has answered: the caller goes on, and so does the sender whose value has got room,
    /// if there is one.
    func answeredByBuffer(_ me: NodePointer, releasing sender: NodePointer?) {
        let state = me.pointee.owner
        state.pointee.noSwitch &+= 1
        if let sender {
            let tasklet = settle(sender)
            tasklet.pointee.state = .ready
            state.pointee.core.makeReady(tasklet)
        }
        state.pointee.lock?.unlock()
    }

    /// The sender whose value is next to get into the buffer, taken out of the queue.
    func popSenderForBuffer() -> NodePointer? {
        guard let sender = pointee.senders.popFirst() else { return nil }
        pointee.balance -= 1
        return sender
    }
}
