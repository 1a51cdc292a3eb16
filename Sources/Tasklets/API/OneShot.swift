// SPDX-License-Identifier: Apache-2.0

/// One value, or one error, from anywhere to tasklets: the light hand-over from callbacks.
///
/// ``fulfill(_:)`` and ``fail(_:)`` store it and return at once: they never wait and never switch, and may be called
/// from any thread, in a tasklet or not. Waiting tasklets become runnable; a later ``value()-2z8ur`` returns at once,
/// however often it is called. A one-shot belongs to no scheduler: tasklets of several may wait for the same one.
///
/// It does what Stackless programs do with `schedule_remove`, `tempval` and `insert`, and closes the holes of that: a
/// value that comes before a tasklet waits is kept, one that comes after the waiter was killed is ignored, and
/// nothing but the value (or an error thrown into the tasklet) makes ``value()-2z8ur`` return.
///
/// A value may always come from another thread; so a tasklet that waits for one is no deadlock, and keeps its
/// scheduler's `run` from returning. Where that is not wanted, wait with a deadline.
///
/// What ``Channel`` says of vectors holds here as well.
public final class OneShot<Value: Sendable>: Sendable {
    let cell: OneShotCell
    // SAFETY: written once, with the cell's lock held, before the cell is complete, and read after.
    private nonisolated(unsafe) var stored: Result<Value, any Error>?

    /// The value or the error; nil before it has come.
    ///
    /// From any thread.
    package var result: Result<Value, any Error>? { cell.isComplete ? stored : nil }

    /// Creates one that has no value yet.
    ///
    /// Traps where `Value` is a vector of more than 16 bytes, or an optional one.
    public init() {
        VectorCheck.refuse(Value.self, in: "a one-shot")
        cell = OneShotCell()
    }

    /// Creates one that tasklets of the waiter's scheduler fulfil, and nothing else does.
    ///
    /// A tasklet that waits for it, while none can run that might fulfil it, is deadlocked. The report then calls the
    /// value by its kind, a noun, and its name.
    package init(ofScheduler kind: StaticString, _ name: String?) {
        VectorCheck.refuse(Value.self, in: "a one-shot")
        cell = OneShotCell(purpose: OneShotCell.Purpose(kind: kind, name: name))
    }

    /// Stores a value, and makes every waiter runnable.
    ///
    /// A second fulfilment is ignored.
    public func fulfill(_ value: Value) {
        #if DEBUG
            do { try Tasklet.currentNode()?.refuseStackAddresses(in: value) } catch { return fail(error) }
        #endif
        cell.complete { stored = .success(value) }
    }

    /// Stores an error, which every waiter throws.
    ///
    /// A second fulfilment is ignored.
    public func fail(_ error: any Error) { cell.complete { stored = .failure(error) } }

    /// The value; waits for it if need be.
    ///
    /// - Throws: the error that came instead; ``SchedulerError``, also outside any tasklet; or what was thrown into the
    ///   tasklet while it waited.
    @inline(__always) public func value() async throws -> Value {
        guard let result = try await result(until: .never) else { preconditionFailure("nothing but a value ends this") }
        return try result.get()
    }

    /// The value; waits for it until then at most.
    ///
    /// - Returns: nil when it has not come by then.
    /// - Throws: as ``value()-2z8ur``.
    @inline(__always) public func value(until deadline: ContinuousClock.Instant) async throws -> Value? {
        try await result(until: Deadline(deadline))?.get()
    }

    // Always inlined, as the operations of a channel are; see Channel+Away.swift.
    @inline(__always) func result(until deadline: Deadline) async throws -> Result<Value, any Error>? {
        guard let me = Tasklet.currentNode() else {
            return try await SchedulerCore.atHome { try await self.result(until: deadline) }
        }
        if let plan = try me.planWait(for: cell, until: deadline, .async) {
            await me.perform(plan)
            if me.pointee.isInterrupted { throw me.takeInterruption() }
        }
        return self.result
    }
}

extension OneShot {
    /// Stores a value or an error, as ``fulfill(_:)`` and ``fail(_:)`` do.
    package func fulfill(with result: Result<Value, any Error>) {
        switch result {
        case .success(let value): fulfill(value)
        case .failure(let error): fail(error)
        }
    }
}
