// SPDX-License-Identifier: Apache-2.0

// Inlined always, and not only where the optimizer likes: in a copy that it makes of an async function for one type,
// `#isolation` is no longer the caller's (Swift 6.3), and a tasklet that waits on an actor would not let it go.
extension Channel {
    /// Takes a value from a sender or the buffer, waiting for one until then at most.
    ///
    /// With an instant that has passed it does not wait at all.
    ///
    /// - Returns: nil when no value has come by then.
    /// - Throws: as ``receive()-async``.
    @inlinable @inline(__always) public func receive(until deadline: ContinuousClock.Instant) async throws -> Element? {
        let me = try state.enter(.receive)
        if state.pointee.bufferedCount > 0 { return try takeFromBuffer(me).get() }
        let manner = Manner(isolation: #isolation)
        if let partner = state.pointee.senders.first {
            let departure = state.takeSender(for: me, manner)
            let result = partner.takeResult(as: Element.self)
            await me.leave(departure)
            if me.pointee.isInterrupted { throw me.takeInterruption() }
            return try result.get()
        }
        guard let departure = try state.waitAsReceiver(me, until: deadline, manner) else { return nil }
        await me.leave(departure)
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
        let manner = Manner(isolation: #isolation)
        if let partner = state.pointee.receivers.first {
            let departure = state.takeReceiver(for: me, manner)
            partner.put(element)
            await me.leave(departure)
            if me.pointee.isInterrupted { throw me.takeInterruption() }
            return true
        }
        if state.pointee.room > 0 {
            putIntoBuffer(.success(element), me)
            return true
        }
        guard let departure = try state.waitAsSender(me, until: deadline, manner) else { return false }
        me.put(element)
        await me.leave(departure)
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
        guard me.pointee.hasTimedOut else { return true }
        _ = try me.take(as: Element.self)
        return false
    }
}
