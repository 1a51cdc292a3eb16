// SPDX-License-Identifier: Apache-2.0

/// Moves values between tasklets, one at a time, without a buffer: whoever comes first waits for the other.
///
/// Several tasklets may wait on either side; they are served in the order in which they came. A channel belongs to the
/// scheduler of the tasklet that made it (or, when made outside any tasklet, to the first one that uses it); other uses
/// throw `wrongScheduler`. Stackless's `channel`.
public final class Channel<Element: Sendable>: AsyncSequence, Sendable {
    // SAFETY: the memory is made here and freed in deinit. Whoever waits in the queue holds a reference to the channel
    // in its frames, so nobody waits any more by then. Access is ordered by the scheduler, or by its lock.
    @usableFromInline nonisolated(unsafe) package let state: ChannelPointer

    /// Creates a channel; the name appears in deadlock reports.
    public init(_ name: String? = nil) {
        state = .allocate(capacity: 1)
        state.initialize(to: ChannelState(name: name))
        if let me = SchedulerCore.currentNode() {
            state.pointee.bind(to: me.pointee.owner)
        }
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Hands a value to a receiver, waiting for one if need be.
    ///
    /// With a receiver waiting, it holds the value when `send` returns; whether it has also run is up to
    /// ``preference``. Stackless's `channel.send`.
    ///
    /// - Throws: ``SchedulerError``; or what was thrown into the tasklet while it waited, and the value is dropped.
    @inlinable @inline(__always) public func send(_ element: Element) async throws {
        let me = try state.enter()
        if state.pointee.balance < 0, let partner = state.pointee.queue.first {
            let departure = state.takeReceiver(for: me, Manner(isolation: #isolation))
            partner.put(element)
            if departure.manner == .stay { return }
            await me.leave(departure)
            if me.pointee.isInterrupted { throw me.takeInterruption() }
        } else {
            let departure = try state.waitAsSender(me, Manner(isolation: #isolation))
            me.put(element)
            await me.leave(departure)
            if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
        }
    }

    /// Takes a value from a sender, waiting for one if need be.
    ///
    /// Stackless's `channel.receive`.
    ///
    /// - Throws: the error that was sent instead of a value; ``SchedulerError``; or what was thrown into the tasklet
    ///   while it waited.
    @inlinable @inline(__always) public func receive() async throws -> Element {
        let me = try state.enter()
        guard state.pointee.balance > 0, let partner = state.pointee.queue.first else {
            await me.leave(try state.waitAsReceiver(me, Manner(isolation: #isolation)))
            if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
            return try me.take(as: Element.self)
        }
        let departure = state.takeSender(for: me, Manner(isolation: #isolation))
        if partner.pointee.holds == .error {
            let error = partner.takeError()
            await me.leave(departure)
            throw me.pointee.isInterrupted ? me.takeInterruption() : error
        }
        let element = partner.takeValue(as: Element.self)
        if departure.manner == .stay { return element }
        await me.leave(departure)
        if me.pointee.isInterrupted { throw me.takeInterruption() }
        return element
    }
}
