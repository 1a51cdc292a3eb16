// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// Waiting for a deferred through a channel: `blockOn`, as programs of Stackless and greenlet have it.
///
/// There are two. The classic one is Christopher Armstrong's:
///
///     def blockOn(d):
///         ch = stackless.channel()
///         d.addBoth(ch.send)
///         return ch.receive()
///
/// It is here to be measured, and because its edge cases are known. The send is synchronous code in the tasklet that
/// fires, most often a reactor's. Where the waiter waits, it costs a switch to the waiter, hard on the sender's side,
/// and one back. Where it does not wait yet, or not any more, it blocks the reactor. Where the deferred has fired
/// already, it blocks the waiter itself, which is to receive what it sends. And in a callback of the reactor the
/// receive blocks that. None of these is an error that it could report: the scheduler finds the deadlocks, where
/// nothing else runs.
///
/// The checked one refuses a callback of a reactor; and its channel has room for one value, so that the send never
/// waits, whether the waiter waits, is about to, or has gone. (stacklesslib looks at the channel's balance instead,
/// and sends to a waiter alone. A waiter that has added its callback and does not receive yet is lost so.)
///
/// ``Deferred/value()`` is lighter than both.
public struct BlockOn<Value: Sendable>: Sendable {
    private let channel: Channel<Result<Value, any Error>>

    /// Begins to wait: adds the callback that sends.
    ///
    /// - Throws: ``SchedulerError`` with code `wrongScheduler` outside the tasklets of the deferred's scheduler; with
    ///   `recursiveCallback` where a checked wait begins in a callback of a reactor; with `deadlock` where a classic
    ///   one begins when the deferred has fired, and nothing else can run; or what was thrown into the tasklet
    ///   meanwhile.
    public init(_ deferred: Deferred<Value>, _ style: BlockOnStyle) throws {
        if style == .checked { try deferred.refuseReactor() }
        let channel = Channel<Result<Value, any Error>>(
            deferred.name.map { "blockOn " + $0 } ?? "blockOn",
            capacity: style.capacity
        )
        self.channel = channel
        try deferred.whenFired { try channel.send($0) }
    }

    /// The value; waits until it is sent.
    ///
    /// - Throws: the error that came instead, and what ``Channel`` throws.
    public func receive() async throws -> Value { try await channel.receive().get() }

    /// The value; waits until it is sent, in synchronous code, which blocks hard.
    ///
    /// - Throws: as the asynchronous `receive()`, and the synchronous one of ``Channel``.
    @available(*, noasync, message: "in an async function, await the asynchronous receive")
    public func receive() throws -> Value { try channel.receive().get() }
}

/// How a ``BlockOn`` waits.
public enum BlockOnStyle: String, CaseIterable, Sendable {
    /// On a fresh channel, without precautions.
    case classic
    /// With room for the value, and not in a reactor's callback.
    case checked

    fileprivate var capacity: Int { self == .classic ? 0 : 1 }
}

extension Deferred {
    /// Waits for the value by a ``BlockOn``.
    ///
    /// - Throws: the error that came instead; what ``BlockOn`` throws.
    public func blockOn(_ style: BlockOnStyle) async throws -> Value {
        if style == .checked, let result { return try result.get() }
        return try await BlockOn(self, style).receive()
    }

    /// Waits for the value by a ``BlockOn``, in synchronous code.
    ///
    /// - Throws: as the asynchronous `blockOn(_:)`.
    @available(*, noasync, message: "in an async function, await the asynchronous blockOn")
    public func blockOn(_ style: BlockOnStyle) throws -> Value {
        if style == .checked, let result { return try result.get() }
        return try BlockOn(self, style).receive()
    }
}
