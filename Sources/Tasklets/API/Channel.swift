// SPDX-License-Identifier: Apache-2.0

/// Moves values between tasklets, one at a time: the first of a sender and a receiver waits for the other, or, on a
/// channel with a buffer, the sender leaves the value there.
///
/// Several tasklets may wait on either side; they are served in the order in which they came. A channel belongs to the
/// scheduler of the tasklet that made it (or, when made outside any tasklet, or in an actor, to that of the first one
/// that uses it); operations of others throw `wrongScheduler`. Its properties, ``close()`` and ``open()`` are for
/// tasklets of its scheduler, or for use while that does not run; what a tasklet reads in an actor on another thread
/// than the scheduler's may be out of date. Stackless's `channel`.
///
/// Elements must not be, or contain, vectors of more than 16 bytes, such as `SIMD4<Double>`: the compiler of Swift 6.3
/// passes these wrongly to asynchronous functions in optimized builds, with tasklets and without, and programs crash.
/// Send them in an array or a class. A channel of vectors, or of optional ones, traps when it is made; vectors inside a
/// structure or a tuple go unnoticed.
public final class Channel<Element: Sendable>: AsyncSequence, Sendable {
    // SAFETY: the memory is made here and freed in deinit. A waiter holds a reference to the channel in its frames, so
    // nothing waits any more by then. Access is ordered by the scheduler, or by its lock.
    @usableFromInline nonisolated(unsafe) package let state: ChannelPointer

    /// Creates a channel.
    ///
    /// - Parameters:
    ///   - name: appears in deadlock reports.
    ///   - capacity: how many values may wait in the channel without a sender waiting, as in Go; 0 is Stackless's
    ///     rendezvous. With a buffer, ``preference`` is `none` to begin with, and ``close()`` wakes the waiters.
    ///     Traps where it is negative.
    ///
    /// Traps where `Element` is a vector of more than 16 bytes, or an optional one.
    public init(_ name: String? = nil, capacity: Int = 0) {
        guard capacity >= 0 else { fatalError("a channel's capacity is 0 or more, and \(capacity) was asked for") }
        VectorCheck.refuse(Element.self, in: "a channel")
        state = .allocate(capacity: 1)
        state.initialize(to: ChannelState(name: name, capacity: capacity))
        if let me = SchedulerCore.currentNode() {
            state.pointee.bind(to: me.pointee.owner)
        }
    }

    deinit {
        state.pointee.buffer.drop(Element.self)
        state.pointee.buffer.deallocate()
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
        guard let me = try state.enter(.send) else { return try await sendAtHome(element) }
        try me.refuseStackAddresses(in: element)
        let (plan, holder) = try state.planSend(me, .async)
        holder.put(element)
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
        guard let me = try state.enter(.receive) else { return try await receiveAtHome() }
        let (plan, holder) = try state.planReceive(me, .async)
        if plan.action == .proceed { return try holder.take(as: Element.self) }
        await me.perform(plan)
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
        return try me.take(as: Element.self)
    }
}
