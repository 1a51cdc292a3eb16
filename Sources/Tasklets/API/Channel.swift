// SPDX-License-Identifier: Apache-2.0

/// Moves values between tasklets, one at a time: the first of a sender and a receiver waits for the other, or, on a
/// channel with a buffer, the sender leaves the value there.
///
/// Several tasklets may wait on either side; they are served in the order in which they came. A channel belongs to the
/// scheduler of the tasklet that made it (or, when made outside any tasklet, to the first one that uses it); operations of
/// others throw `wrongScheduler`. Its properties, ``close()`` and ``open()`` are for tasklets of its scheduler, or for
/// use while that does not run. Stackless's `channel`.
public final class Channel<Element: Sendable>: AsyncSequence, Sendable {
    // SAFETY: the memory is made here and freed in deinit. A waiter holds a reference to the channel in its frames, so
    // nothing waits any more by then. Access is ordered by the scheduler, or by its lock.
    @usableFromInline nonisolated(unsafe) package let state: ChannelPointer
    /// The buffer, where there is one.
    nonisolated(unsafe) let slots: UnsafeMutablePointer<Result<Element, any Error>>?

    /// Creates a channel.
    ///
    /// - Parameters:
    ///   - name: appears in deadlock reports.
    ///   - capacity: how many values may wait in the channel without a sender waiting, as in Go; 0 is Stackless's
    ///     rendezvous. With a buffer, ``preference`` is `none` to begin with, and ``close()`` wakes the waiters.
    ///     Traps where it is negative.
    public init(_ name: String? = nil, capacity: Int = 0) {
        guard capacity >= 0 else { fatalError("a channel's capacity is 0 or more, and \(capacity) was asked for") }
        slots = capacity > 0 ? .allocate(capacity: capacity) : nil
        state = .allocate(capacity: 1)
        state.initialize(to: ChannelState(name: name, capacity: capacity))
        if let me = SchedulerCore.currentNode() {
            state.pointee.bind(to: me.pointee.owner)
        }
    }

    deinit {
        while state.pointee.bufferedCount > 0 { _ = takeFirstFromBuffer() }
        slots?.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Hands a value to a receiver, or leaves it in the buffer; waits for the one or the other if need be.
    ///
    /// A receiver that was waiting holds the value when `send` returns; whether it has also run depends on
    /// ``preference``. Stackless's `channel.send`.
    ///
    /// - Throws: ``SchedulerError``; or what was thrown into the tasklet while it waited, and the value is dropped.
    @inlinable @inline(__always) public func send(_ element: Element) async throws {
        let me = try state.enter(.send)
        let plan = try planSend(me, CallContext(isolation: #isolation)) { $0.put(element) }
        if plan.action == .proceed { return }
        await me.perform(plan)
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
    }

    /// Takes a value from a sender or the buffer, waiting for one if need be.
    ///
    /// Stackless's `channel.receive`.
    ///
    /// - Throws: the error that was sent instead of a value; ``SchedulerError``; or what was thrown into the tasklet
    ///   while it waited.
    @inlinable @inline(__always) public func receive() async throws -> Element {
        let me = try state.enter(.receive)
        let (plan, holder) = try planReceive(me, CallContext(isolation: #isolation))
        if plan.action == .proceed { return try holder.take(as: Element.self) }
        await me.perform(plan)
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
        return try me.take(as: Element.self)
    }
}

/// The one body of every send and of every receive: async, synchronous, with a deadline, or in a select.
///
/// `me` has entered the operation. The plan is still to be performed; the value, or the error in its place, moves before
/// that, so that no other tasklet sees a slot half done.
extension Channel {
    /// Plans a send of what `fill` puts into a slot: a waiting receiver's, or else the caller's own, where it waits.
    @inlinable @inline(__always) func planSend(
        _ me: NodePointer,
        _ context: CallContext,
        _ fill: (NodePointer) -> Void
    ) throws -> SwitchPlan {
        if let receiver = state.pointee.receivers.first {
            let plan = state.handOver(me, .send, context)
            fill(receiver)
            return plan
        }
        if state.pointee.room > 0 { return putIntoBuffer(me, fill) }
        let plan = try state.wait(me, .send, context)
        fill(me)
        return plan
    }

    /// ``planSend(_:_:_:)`` that waits until a deadline at most; nil, with nothing sent, when that has passed.
    @inlinable @inline(__always) func planSend(
        _ me: NodePointer,
        until deadline: Deadline,
        _ context: CallContext,
        _ fill: (NodePointer) -> Void
    ) throws -> SwitchPlan? {
        me.pointee.hasTimedOut = false
        guard state.pointee.receivers.first == nil, state.pointee.room == 0 else {
            return try planSend(me, context, fill)
        }
        guard let plan = try state.wait(me, .send, until: deadline, context) else { return nil }
        fill(me)
        return plan
    }

    /// Plans a receive.
    ///
    /// Where the plan is to proceed, the value is in the slot of the tasklet that is returned with it; otherwise it is in
    /// the caller's once the plan has been performed.
    @inlinable @inline(__always) func planReceive(
        _ me: NodePointer,
        _ context: CallContext
    ) throws -> (plan: SwitchPlan, holder: NodePointer) {
        if let sender = state.pointee.senders.first, state.pointee.bufferedCount == 0 {
            let plan = state.handOver(me, .receive, context)
            if plan.action == .proceed { return (plan, sender) }
            sender.moveSlot(to: me)
            return (plan, me)
        }
        if state.pointee.bufferedCount > 0 { return (takeFromBuffer(me), me) }
        return (try state.wait(me, .receive, context), me)
    }

    /// ``planReceive(_:_:)`` that waits until a deadline at most; nil, with nothing received, when that has passed.
    @inlinable @inline(__always) func planReceive(
        _ me: NodePointer,
        until deadline: Deadline,
        _ context: CallContext
    ) throws -> (plan: SwitchPlan, holder: NodePointer)? {
        me.pointee.hasTimedOut = false
        guard state.pointee.senders.first == nil, state.pointee.bufferedCount == 0 else {
            return try planReceive(me, context)
        }
        guard let plan = try state.wait(me, .receive, until: deadline, context) else { return nil }
        return (plan, me)
    }
}
