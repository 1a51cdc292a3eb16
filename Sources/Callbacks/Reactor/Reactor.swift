// SPDX-License-Identifier: Apache-2.0

public import Tasklets

/// Performs operations and calls back: Twisted's reactor, as a tasklet among others.
///
/// An operation that waits costs no tasklet. When it has completed, the tasklet named `reactor` calls its completion
/// handler. It calls one after the other, and parks softly when nothing is complete. A handler is synchronous code in
/// that tasklet. One that waits, for instance because it sends on a channel, blocks hard, and keeps the reactor from
/// calling any other until it continues: so it is in Stackless programs with a reactor, and the scheduler's counters
/// show it. An error that a handler throws is reported as one that a tasklet has not caught, and the reactor goes on.
///
/// Every operation is there in two forms: with a completion handler, and returning a ``Deferred``. A handler is never
/// called before the operation's function has returned, even where nothing has to wait.
///
/// Operations are begun by tasklets of the reactor's scheduler, at home and not in an actor, or by handlers. Other
/// threads use ``call(_:)``, which has something called by the reactor.
///
/// A reactor with outstanding operations keeps its scheduler's `run` from returning, as the waiting tasklets would
/// that they stand for. Without any it does not: it is then ended with the run, and a tasklet that waits for what
/// only one of its handlers could bring is deadlocked, and reported. So what another thread is to bring is
/// an operation ``elsewhere(_:then:)``, or is waited for by a `OneShot`; a ``call(_:)`` alone is not expected.
///
/// Round-robin, epoll, nio and dispatch have reactors; thread-per-task, whose every wait is one of a thread, has
/// none, and neither has swift-concurrency, whose tasklets do not wait in synchronous code such as callbacks.
public final class Reactor: Sendable {
    /// What is called when an operation has ended.
    ///
    /// It may throw; see ``Reactor``.
    public typealias Completion<Value> = @Sendable (Result<Value, any Error>) throws -> Void

    /// The tasklet that calls back.
    ///
    /// Killing it is a ``stop()``; an error thrown into it goes on to main, besides.
    public let tasklet: Tasklet
    let queue: CompletionQueue
    let idle = IdleConnections()

    private init(_ queue: CompletionQueue, file: StaticString, line: UInt) {
        self.queue = queue
        tasklet = Tasklet.spawn("reactor", file: file, line: line) { [idle] in
            defer { idle.close() }
            try await queue.serve()
        }
    }

    /// Starts a reactor on the calling tasklet's scheduler; returns when it waits for operations.
    ///
    /// A scheduler may have several. Traps outside any tasklet.
    ///
    /// - Parameters:
    ///   - file: where the call is, for deadlock reports.
    ///   - line: where the call is, for deadlock reports.
    /// - Throws: ``SchedulerError`` with code `unsupported` where the scheduler has no reactors; or what was thrown
    ///   into the calling tasklet meanwhile.
    public static func start(file: StaticString = #fileID, line: UInt = #line) async throws -> Reactor {
        let reactor = Reactor(try CompletionQueue(), file: file, line: line)
        // One that was killed before its first turn would leave its operations outstanding for ever.
        try await reactor.tasklet.run()
        return reactor
    }

    /// Has the reactor call something: Twisted's `callFromThread`.
    ///
    /// From any thread, in a tasklet or not; returns at once. Calls are made in the order in which they reach the
    /// scheduler. One that comes when the reactor has stopped is dropped.
    public func call(_ body: @escaping @Sendable () throws -> Void) { queue.post(body) }

    /// Ends the reactor: all outstanding operations fail, and their handlers are called, before its tasklet ends.
    ///
    /// The error is a `SchedulerError` with code `deadTasklet`. Operations that are begun later throw it. From any
    /// thread; may be called again.
    public func stop() { queue.stop() }

    /// Whether it has not stopped, and is not about to.
    public var isRunning: Bool { !queue.isFailed }
}

extension CompletionQueue {
    /// Calls what becomes due until the queue is failed: the body of the reactor's tasklet.
    ///
    /// When it is killed it fails the outstanding operations, and calls their handlers, too: a waiter still has to learn
    /// that no result comes. A second kill meanwhile ends the callback that it interrupts, and nothing else.
    fileprivate func serve() async throws {
        open()
        defer { close() }
        var failure: (any Error)?
        while !isFailed {
            do { try await serveOnce() } catch {
                failure = error
                stop()
            }
        }
        while isDue { do { try runDue() } catch { failure = error } }
        if let failure { throw failure }
    }

    /// Where callbacks have begun operations that need not wait, others have a turn before these are called back.
    private func serveOnce() async throws {
        try runDue()
        if isDue { try await Tasklet.schedule() } else { try await park() }
    }

    fileprivate func stop() { fail(with: SchedulerError(.deadTasklet, "the reactor has stopped")) }
}
