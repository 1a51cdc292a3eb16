// SPDX-License-Identifier: Apache-2.0

package import Tasklets

/// The light way to wait: the callback stores the value in a one-shot and makes the tasklet runnable, and neither
/// waits nor switches.
///
/// It survives what the classic ``BlockOn`` does not. The value is stored first, so one that comes before the tasklet
/// has parked is kept. Nothing but the value ends the wait, so one that another tasklet tries to resume is not woken.
/// A value that comes after the waiter was killed, or its deadline has passed, goes into a one-shot that nobody
/// reads. A reactor's callback is refused, because the wait would keep the reactor from bringing the value.
///
/// The one-shot belongs to the scheduler: where none of its tasklets can run that might fire the deferred, the wait
/// is a deadlock, and reported as one.
extension Deferred {
    /// The value; waits for it if need be, and returns at once where it is there.
    ///
    /// - Throws: the error that came instead; ``SchedulerError``: with code `deadlock` where nothing can fire it any
    ///   more, with `recursiveCallback` in a reactor's callback, with `wrongScheduler` outside the tasklets of its
    ///   scheduler; or what was thrown into the tasklet while it waited.
    public func value() async throws -> Value {
        guard SchedulerCore.ofCaller != nil else {
            return try await SchedulerCore.atHome(label) { try await self.value() }
        }
        if let result { return try result.get() }
        return try await oneShot().value()
    }

    /// The value; waits for it until then at most.
    ///
    /// - Returns: nil when it has not come by then.
    /// - Throws: as ``value()``.
    public func value(until deadline: ContinuousClock.Instant) async throws -> Value? {
        guard SchedulerCore.ofCaller != nil else {
            return try await SchedulerCore.atHome(label) { try await self.value(until: deadline) }
        }
        if let result { return try result.get() }
        return try await oneShot().value(until: deadline)
    }

    /// The value; waits for it in synchronous code that runs in a tasklet.
    ///
    /// Blocks hard, and throws, as the synchronous `value()` of a `OneShot` does; and as the asynchronous one here.
    @available(*, noasync, message: "in an async function, await the asynchronous value")
    public func value() throws -> Value {
        if let result { return try result.get() }
        return try oneShot().value()
    }

    /// A one-shot that it fulfils.
    ///
    /// Throws where the caller must not wait.
    package func oneShot() throws -> OneShot<Value> {
        try refuseReactor()
        let oneShot = OneShot<Value>(ofScheduler: "deferred", name)
        try whenFired { result in
            switch result {
            case .success(let value): oneShot.fulfill(value)
            case .failure(let error): oneShot.fail(error)
            }
        }
        return oneShot
    }

    /// Refuses a reactor's callback, which runs in the tasklet that is to bring the value.
    func refuseReactor() throws {
        guard SchedulerCore.ofCaller != nil, Tasklet.isReactor else { return }
        throw SchedulerError(
            .recursiveCallback,
            "\(label) was waited for in a callback of a reactor, which could then not fire it; add a callback, or wait in "
                + "a tasklet"
        )
    }
}
