// SPDX-License-Identifier: Apache-2.0

extension Channel {
    /// Takes a value from a sender or the buffer, waiting for one until then at most.
    ///
    /// With an instant that has passed it does not wait at all.
    ///
    /// - Returns: nil when no value has come by then.
    /// - Throws: as `receive()`.
    @inlinable @inline(__always) public func receive(until deadline: ContinuousClock.Instant) async throws -> Element? {
        guard let me = try state.enter(.receive) else { return try await receiveAtHome(until: deadline) }
        guard let (plan, holder) = try state.planReceive(me, until: Deadline(deadline), .async) else { return nil }
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
    /// - Throws: as `send(_:)`.
    @discardableResult
    @inlinable @inline(__always) public func send(_ element: Element, until deadline: ContinuousClock.Instant)
        async throws -> Bool
    {
        guard let me = try state.enter(.send) else { return try await sendAtHome(element, until: deadline) }
        try me.refuseStackAddresses(in: element)
        guard let (plan, holder) = try state.planSend(me, until: Deadline(deadline), .async) else { return false }
        holder.put(element)
        if plan.action == .proceed { return true }
        await me.perform(plan)
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
        guard me.pointee.hasTimedOut else { return true }
        _ = try me.take(as: Element.self)
        return false
    }
}
