// SPDX-License-Identifier: Apache-2.0

/// Moves values between tasklets, one at a time: whoever comes first waits for the other, or, on a channel with a
/// buffer, leaves the value there.
///
/// Several tasklets may wait on either side; they are served in the order in which they came. A channel belongs to the
/// scheduler of the tasklet that made it (or, when made outside any tasklet, to the first one that uses it); operations of
/// others throw `wrongScheduler`. Its properties, ``close()`` and ``open()`` are for tasklets of its scheduler, or for
/// while that does not run. Stackless's `channel`.
public final class Channel<Element: Sendable>: AsyncSequence, Sendable {
    // SAFETY: the memory is made here and freed in deinit. Whoever waits in the queue holds a reference to the channel
    // in its frames, so nobody waits any more by then. Access is ordered by the scheduler, or by its lock.
    @usableFromInline nonisolated(unsafe) package let state: ChannelPointer
    /// The buffer, where there is one.
    nonisolated(unsafe) let slots: UnsafeMutablePointer<Result<Element, any Error>>?

    /// Creates a channel.
    ///
    /// - Parameters:
    ///   - name: appears in deadlock reports.
    ///   - capacity: how many values may wait in the channel without a sender waiting, as in Go; 0 is Stackless's
    ///     rendezvous. With a buffer, ``preference`` is `none` to begin with, and ``close()`` wakes those who wait.
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
        while state.pointee.bufferedCount > 0 { _ = takeFromSlot() }
        slots?.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Hands a value to a receiver, or leaves it in the buffer, waiting for the one or the other if need be.
    ///
    /// With a receiver waiting, it holds the value when `send` returns; whether it has also run is up to
    /// ``preference``. Stackless's `channel.send`.
    ///
    /// - Throws: ``SchedulerError``; or what was thrown into the tasklet while it waited, and the value is dropped.
    @inlinable @inline(__always) public func send(_ element: Element) async throws {
        let me = try state.enter(.send)
        if let partner = state.pointee.receivers.first {
            let departure = state.takeReceiver(for: me, Manner(isolation: #isolation))
            partner.put(element)
            if departure.manner == .stay { return }
            await me.leave(departure)
            if me.pointee.isInterrupted { throw me.takeInterruption() }
        } else if state.pointee.room > 0 {
            putIntoBuffer(.success(element), me)
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
        let me = try state.enter(.receive)
        if state.pointee.bufferedCount > 0 { return try takeFromBuffer(me).get() }
        guard let partner = state.pointee.senders.first else {
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
