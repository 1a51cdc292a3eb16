// SPDX-License-Identifier: Apache-2.0

// What waits is always inlined; see Channel+Away.swift.
extension Channel {
    /// Hands an error to a receiver, which throws it; waits for one if need be.
    ///
    /// Stackless's `send_exception`.
    ///
    /// - Throws: as `send(_:)`.
    @inline(__always) public func send(throwing error: any Error) async throws {
        guard let me = try state.enter(.send) else { return try await sendAtHome(throwing: error) }
        let (plan, holder) = try state.planSend(me, .async)
        holder.put(error: error)
        if plan.action == .proceed { return }
        await me.perform(plan)
        if me.pointee.isInterrupted { throw me.takeInterruption(dropping: Element.self) }
    }

    /// Sends the elements one after the other, and returns how many.
    ///
    /// Stackless's `send_sequence`.
    @discardableResult
    @inlinable @inline(__always) public func send(contentsOf elements: some Sequence<Element>) async throws -> Int {
        var count = 0
        for element in elements {
            try await send(element)
            count += 1
        }
        return count
    }

    /// Which side runs when a transfer is done: the receiver at once (the default), the one that acted, or the sender
    /// at once.
    ///
    /// Only ordered schedulers can honour it.
    public var preference: Preference {
        get { locked { $0.pointee.preference } }
        set { change { $0.pointee.preference = newValue } }
    }

    /// Whether a transfer lets every runnable tasklet run before the one that acted continues, whatever the preference
    /// says.
    public var schedulesAll: Bool {
        get { locked { $0.pointee.schedulesAll } }
        set { change { $0.pointee.schedulesAll = newValue } }
    }

    /// How many senders wait; or, negative, how many receivers.
    public var balance: Int { locked { $0.pointee.balance } }

    /// The tasklet that waits longest.
    ///
    /// Nil in an actor on another thread than the scheduler's. Stackless's `channel.queue`.
    public var firstBlocked: Tasklet? {
        if let owner = state.pointee.owner, owner.isOutOfReach { return nil }
        return locked { ($0.pointee.senders.first ?? $0.pointee.receivers.first)?.tasklet.object }
    }

    /// How many values the buffer takes; 0 without a buffer.
    public var capacity: Int { state.pointee.buffer.capacity }

    /// How many values wait in the buffer.
    public var bufferedCount: Int { locked { $0.pointee.buffer.count } }

    /// Forbids operations that would have to wait, and the use of the buffer for more values.
    ///
    /// Operations that find a partner, or a value in the buffer, still succeed. On a rendezvous no tasklet is woken: a
    /// receiver that waits already goes on waiting, as in Stackless; to end its loop for sure, send it an error, or a
    /// last value that it knows. On a channel with a buffer, waiters throw `channelClosed`, and iteration ends, as in
    /// Go.
    public func close() { change { $0.close() } }

    /// Undoes ``close()``.
    public func open() { change { $0.pointee.isClosing = false } }

    /// Whether ``close()`` was called.
    public var isClosing: Bool { locked { $0.pointee.isClosing } }

    /// Whether the channel is closing, and neither a tasklet nor a value waits in it any more.
    public var isClosed: Bool { locked { $0.pointee.isDrained && $0.pointee.receivers.isEmpty } }

    private func locked<R>(_ body: (ChannelPointer) -> R) -> R {
        guard let owner = state.pointee.owner else { return body(state) }
        return owner.withLock { body(state) }
    }

    /// Makes a change, as ``SchedulerCore/change(_:)`` does.
    private func change(_ body: @escaping @Sendable (ChannelPointer) -> Void) {
        guard let owner = state.pointee.owner else { return body(state) }
        owner.change { [self] in body(state) }
    }
}

/// Which side runs when a transfer on a channel is done.
///
/// The raw values are Stackless's.
public enum Preference: Int, Sendable {
    /// The receiver runs at once, and a sender gives way to it.
    case receiver = -1
    /// The tasklet that acted runs on; the other becomes runnable.
    case none = 0
    /// The sender runs at once, and a receiver gives way to it.
    case sender = 1
}

extension Channel {
    /// Receives until the channel is closing and no sender, and no value, waits.
    ///
    /// Throws as `receive()` does, and so every error that was sent, whatever it is. A close while it waits does not end
    /// it: see ``Channel/close()``.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let channel: Channel

        /// The next value; nil when the channel is closing and no sender waits.
        @inline(__always) public mutating func next() async throws -> Element? {
            try await channel.receiveUnlessClosed()
        }
    }

    /// Iterates over what is received.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(channel: self) }

    private var isFinished: Bool { locked { $0.pointee.isDrained } }

    /// ``receive()``, but nil where that would throw that the channel is closed.
    @inline(__always) func receiveUnlessClosed() async throws -> Element? {
        guard let me = try state.enter(.receive) else { return try await receiveUnlessClosedAtHome() }
        guard let (plan, holder) = try state.planReceiveUnlessClosed(me, .async) else { return nil }
        if plan.action == .proceed { return try holder.take(as: Element.self) }
        await me.perform(plan)
        if me.pointee.isInterrupted {
            let isEnd = me.pointee.isEndedByClosing
            let error = me.takeInterruption(dropping: Element.self)
            if isEnd { return nil }
            throw error
        }
        return try me.take(as: Element.self)
    }
}
