// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// A result to come, and what is to be called with it: Twisted's `Deferred`.
///
/// It fires once, with a value or an error, and calls its callbacks with that, in the order in which they were added,
/// in the tasklet that fires it. A callback that is added later is called at once, in the tasklet that adds it. Every
/// callback gets the same result: what one makes of it goes to the deferred that ``map(_:)`` or ``then(_:)`` returns,
/// and not to the next callback, as it does in Twisted. So any number of tasklets may wait for one deferred, at any
/// time.
///
/// A deferred belongs to the scheduler of the tasklet that makes it; or, made outside any tasklet, to that of the
/// first one that uses it. Only tasklets of that scheduler may fire it or add callbacks, at home and not in an actor;
/// others, and other threads, leave that to ``Reactor/call(_:)``, Twisted's `callFromThread`. On a scheduler that
/// runs several tasklets at once, any of them may do so at any time.
///
/// A tasklet waits for it by ``value()``. See ``BlockOn`` for the other ways.
public final class Deferred<Value: Sendable>: Sendable {
    /// A callback; what it throws goes on as ``whenFired(_:)`` says.
    public typealias Callback = @Sendable (Result<Value, any Error>) throws -> Void

    /// What deadlock reports call it; nil where it has no name.
    public let name: String?
    private let content: Guarded<Content>

    private struct Content {
        /// Kept, or another one might be made at its address, and be taken for it.
        var owner: SchedulerCore?
        var result: Result<Value, any Error>?
        var callbacks: [Callback] = []
    }

    /// Creates one that has not fired.
    ///
    /// - Parameter name: appears in deadlock reports.
    public init(_ name: String? = nil) {
        self.name = name
        content = Guarded(Content(owner: SchedulerCore.ofCaller))
    }

    /// What it has fired with; nil before.
    ///
    /// From any thread.
    public var result: Result<Value, any Error>? { content.withLock { $0.result } }

    // MARK: Firing

    /// Fires with a value; see ``fire(with:)``.
    @discardableResult public func fire(_ value: Value) throws -> Bool { try fire(with: .success(value)) }

    /// Fires with an error, which is a result as good as a value: Twisted's `errback`.
    ///
    /// See ``fire(with:)``.
    @discardableResult public func fail(_ error: any Error) throws -> Bool { try fire(with: .failure(error)) }

    /// Fires, and calls every callback; does nothing where it has fired before.
    ///
    /// A callback that waits holds up those after it, and the caller. An error that a callback throws does not stop
    /// the others, and is reported as one that the calling tasklet has not caught, which goes on.
    ///
    /// - Returns: whether this was the first time.
    /// - Throws: ``SchedulerError`` with code `wrongScheduler` outside the tasklets of its scheduler, and with
    ///   `recursiveCallback` in a callback of the scheduler's, and nothing has happened; or `TaskletExit`, when all
    ///   callbacks have been called, where the calling tasklet was killed while a callback waited.
    @discardableResult public func fire(with result: Result<Value, any Error>) throws -> Bool {
        let callbacks = try claim { content -> [Callback]? in
            guard content.result == nil else { return nil }
            content.result = result
            // Each is released when all have been called: a callback may hold the last reference to what it calls.
            defer { content.callbacks = [] }
            return content.callbacks
        }
        guard let callbacks else { return false }
        try Self.call(callbacks, with: result)
        return true
    }

    /// Where the tasklet is killed in a callback, the others are called all the same: their waiters need the result.
    private static func call(_ callbacks: [Callback], with result: Result<Value, any Error>) throws {
        var exit: TaskletExit?
        for callback in callbacks {
            do { try callback(result) } catch let error as TaskletExit { exit = error } catch {
                Tasklet.reportUncaught(error)
            }
        }
        if let exit { throw exit }
    }

    // MARK: Callbacks

    /// Calls `callback` with the result: when it fires, or at once, where it has fired: Twisted's `addBoth`.
    ///
    /// The race of the two, from both sides: the callback is added, and the result stored, in one hold of a lock
    /// each, so that one of them sees the other.
    ///
    /// - Throws: ``SchedulerError`` as ``fire(with:)``; or what the callback throws, where it is called at once.
    public func whenFired(_ callback: @escaping Callback) throws {
        let result = try claim { content -> Result<Value, any Error>? in
            if content.result == nil { content.callbacks.append(callback) }
            return content.result
        }
        if let result { try callback(result) }
    }

    /// Changes the content, as a tasklet of its scheduler.
    private func claim<R>(_ body: (inout Content) -> R) throws -> R {
        guard let caller = SchedulerCore.ofCaller else { throw outsideTasklets }
        // Its callbacks might wait.
        try SchedulerCore.currentNode()?.refuseInCallback()
        return try content.withLock { content in
            guard content.owner ?? caller === caller else { throw foreignScheduler }
            content.owner = caller
            return body(&content)
        }
    }
}

extension Deferred {
    /// For messages: `deferred 'page'`, or `a deferred`.
    package var label: String { name.map { "deferred '\($0)'" } ?? "a deferred" }

    fileprivate var outsideTasklets: SchedulerError {
        SchedulerError(
            .wrongScheduler,
            "\(label) was used outside the tasklets of its scheduler; another thread, or an actor, leaves that to a "
                + "reactor's call"
        )
    }

    fileprivate var foreignScheduler: SchedulerError {
        SchedulerError(.wrongScheduler, "\(label) belongs to another scheduler than the tasklet that used it")
    }
}
