// SPDX-License-Identifier: Apache-2.0

/// One value, or one error, from anywhere to tasklets: the light hand-over from callbacks.
///
/// Whoever has it stores it, and goes on at once: ``fulfill(_:)`` and ``fail(_:)`` never wait and never switch, and may
/// be called from any thread, tasklet or not. Tasklets that wait for it become runnable; whoever asks later gets it at
/// once, as often as it likes. It belongs to no scheduler: tasklets of several may wait for the same one.
///
/// It does what Stackless programs do with `schedule_remove`, `tempval` and `insert`, and closes the holes of that: a
/// value that comes before anybody waits is kept, one that comes after the waiter was killed disturbs nobody, and
/// nothing but the value (or an error thrown into the tasklet) makes ``value()`` return.
///
/// Nobody can know whether a value will still come from another thread; so a tasklet that waits for one is no deadlock,
/// and keeps its scheduler's `run` from returning. Where that is not wanted, wait with a deadline.
public final class OneShot<Value: Sendable>: Sendable {
    private let cell = OneShotCell()
    // SAFETY: written once, with the cell's lock held, before the cell is settled, and read after.
    private nonisolated(unsafe) var result: Result<Value, any Error>?

    /// Creates one that has no value yet.
    public init() {}

    /// Stores a value, and makes everybody runnable who waits for it.
    ///
    /// A second fulfilment is ignored.
    public func fulfill(_ value: Value) { cell.settle { result = .success(value) } }

    /// Stores an error, which everybody throws who waits for the value.
    ///
    /// A second fulfilment is ignored.
    public func fail(_ error: any Error) { cell.settle { result = .failure(error) } }

    /// The value; waits for it if need be.
    ///
    /// Traps outside any tasklet.
    ///
    /// - Throws: the error that came instead; ``SchedulerError``; or what was thrown into the tasklet while it waited.
    public func value() async throws -> Value {
        guard let result = try await result(until: .never) else { preconditionFailure("nothing but a value ends this") }
        return try result.get()
    }

    /// The value; waits for it until then at most.
    ///
    /// - Returns: nil when it has not come by then.
    /// - Throws: as ``value()``.
    public func value(until deadline: ContinuousClock.Instant) async throws -> Value? {
        try await result(until: Deadline(deadline))?.get()
    }

    func result(until deadline: Deadline) async throws -> Result<Value, any Error>? {
        let me = Tasklet.currentNode
        if let departure = try me.wait(for: cell, until: deadline, Manner(isolation: #isolation)) {
            await me.leave(departure)
            if me.pointee.isInterrupted { throw me.takeInterruption() }
        }
        return cell.isSettled ? result : nil
    }
}
