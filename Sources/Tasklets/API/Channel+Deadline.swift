// SPDX-License-Identifier: Apache-2.0

// Always inlined, and not only where the optimizer chooses to: in a copy that it specializes of an async function,
// `#isolation` is no longer the caller's (Swift 6.3), and a tasklet that waits on an actor would not release it.
extension Channel {
    /// Takes a value from a sender or the buffer, waiting for one until then at most.
    ///
    /// With an instant that has passed it does not wait at all.
    ///
    /// - Returns: nil when no value has come by then.
    /// - Throws: as ``receive()-async``.
    @inlinable @inline(__always) public func receive(until deadline: ContinuousClock.Instant) async throws -> Element? {
        let me = try state.enter(.receive)
        let context = CallContext(isolation: #isolation)
        guard let (plan, holder) = try planReceive(me, until: Deadline(deadline), context) else { return nil }
        if plan.action == .proceed { return try holder.take(as: Element.self) }
        await me.perform(plan)
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
        return me.pointee.hasTimedOut ? nil : try me.take(as: Element.self)
    }

    /// Hands a value to a receiver or leaves it in the buffer, waiting for the one or the other until then at most.
    ///
    /// With an instant that has passed it does not wait at all.
    ///
    /// - Returns: whether the value was taken; otherwise it is dropped.
    /// - Throws: as ``send(_:)-async``.
    @discardableResult
    @inlinable @inline(__always) public func send(_ element: Element, until deadline: ContinuousClock.Instant)
        async throws -> Bool
    {
        let me = try state.enter(.send)
        let context = CallContext(isolation: #isolation)
        guard let plan = try planSend(me, until: Deadline(deadline), context, { $0.put(element) }) else { return false }
        if plan.action == .proceed { return true }
        await me.perform(plan)
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
        guard me.pointee.hasTimedOut else { return true }
        _ = try me.take(as: Element.self)
        return false
    }
}
