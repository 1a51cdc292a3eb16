// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

extension SchedulerCore {
    public func run<R: Sendable>(_ main: @escaping @Sendable () async throws -> R) throws -> R {
        guard !beginUse() else {
            throw SchedulerError(.unsupported, "the scheduler is running already; make another one")
        }
        defer {
            let belongings = takeBelongings()
            lastOfEndedRun.store(state.withLock { state.pointee.lastID }, ordering: .releasing)
            isInUse.store(false, ordering: .sequentiallyConsistent)
            takeLateInjections()
            // Not before: what is closed during a run is closed by its loop, which has returned.
            withExtendedLifetime(belongings) {}
        }
        let outcome = Outcome<R>()
        startMain(outcome, main)
        strategy.run(self)
        return try conclude(outcome.result)
    }

    /// Returns whether it is in use already.
    private func beginUse() -> Bool {
        outsideRuns.lock()
        defer { outsideRuns.unlock() }
        return isInUse.exchange(true, ordering: .acquiringAndReleasing)
    }

    /// With the lock held, where there is one: a thread of the last run may still be on its way out.
    private func startMain<R: Sendable>(_ outcome: Outcome<R>, _ main: @escaping @Sendable () async throws -> R) {
        state.pointee.lock?.lock()
        defer { state.pointee.lock?.unlock() }
        reset()
        let tasklet = Tasklet(owner: state, name: "main", site: ("main", 0)) {
            // What main throws is for the caller, and nobody else's error.
            do { outcome.result = .success(try await main()) } catch { outcome.result = .failure(error) }
        }
        Node.checkLayout(of: tasklet)
        state.pointee.main = tasklet.node
        tasklet.start()
    }

    private func reset() {
        isFinished = false
        uncaught = nil
        finalDeadlock = nil
        killings = 0
        watchdogs.removeAll()
        updateBudget()
        owesNext = false
        lots = 0
        state.pointee.fuel = 0
    }

    /// What `run` returns or throws: main's error before an uncaught one, that before a deadlock.
    private func conclude<R>(_ result: Result<R, any Error>?) throws -> R {
        // What they say of tasklets keeps those, and those keep their scheduler.
        defer { (uncaught, finalDeadlock) = (nil, nil) }
        guard let result else { preconditionFailure("main has not run") }
        let value = try result.get()
        if let uncaught { throw uncaught }
        if let finalDeadlock { throw finalDeadlock }
        return value
    }
}

/// Where main leaves its result for the caller of `run`.
private final class Outcome<R: Sendable>: @unchecked Sendable {
    // SAFETY: written once, by the main tasklet; read when the scheduler has finished.
    var result: Result<R, any Error>?
}
