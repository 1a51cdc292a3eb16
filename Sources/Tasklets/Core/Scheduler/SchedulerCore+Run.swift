// SPDX-License-Identifier: Apache-2.0

internal import SeededRandom

/// One run, from the main tasklet's start to what `run` returns or throws.
extension SchedulerCore {
    public func run<R: Sendable>(_ main: @escaping @Sendable () async throws -> R) throws -> R {
        try driver.checkMayRun()
        guard gate.begin() else {
            throw SchedulerError(.unsupported, "the scheduler is running already; make another one")
        }
        defer { endRun() }
        if state.pointee.switching == .slice { try state.pointee.region.prepare(size: state.pointee.stacks.size) }
        let outcome = Outcome<R>()
        startMain(outcome, main)
        runner.run()
        return try conclude(outcome.result)
    }

    private func endRun() {
        let locals = runLocals.takeAll()
        mainOfRun.withLock { $0 = nil }
        runner.noteEndedRun()
        // No thread of the run is in its order any more, and the next run has not begun.
        withLock { state.pointee.coreReferences.giveUp(identity) }
        gate.end()
        runner.takeLateWork()
        // Not before: what is closed during a run is closed by its loop, which has returned.
        withExtendedLifetime(locals) {}
    }

    /// With the lock held: a thread of the last run may still be on its way out.
    private func startMain<R: Sendable>(_ outcome: Outcome<R>, _ main: @escaping @Sendable () async throws -> R) {
        withLock {
            reset()
            let id = state.pointee.roster.nextID()
            let tasklet = Tasklet(owner: state, isInOrder: true, id: id, name: "main", site: ("main", 0)) {
                // What main throws is for the caller of `run`.
                do { outcome.result = .success(try await main()) } catch { outcome.result = .failure(error) }
            }
            if Labels.areOn { tasklet.setLabel(isInOrder: true) }
            TaskletRecord.checkLayout()
            state.pointee.roster.main = tasklet.node
            mainOfRun.withLock { $0 = tasklet }
            tasklet.start()
        }
    }

    private func reset() {
        state.pointee.runEnd = RunEnd()
        state.pointee.watchdogs.removeAll()
        state.pointee.note(.budget, false)
        state.pointee.callbacks.owesNext = false
        selectRandom = SplitMix64(seed: 0)
        state.pointee.fuel = 0
    }

    /// Main's error goes before an uncaught one, and that before a deadlock.
    private func conclude<R>(_ result: Result<R, any Error>?) throws -> R {
        // Errors name tasklets, which keep their scheduler. A thread of the run may still look whether that has
        // finished.
        let end = withLock {
            defer { state.pointee.runEnd.dropErrors() }
            return state.pointee.runEnd
        }
        guard let result else { preconditionFailure("main has not run") }
        let value: R
        do {
            value = try result.get()
            if let uncaught = end.uncaught { throw uncaught }
        } catch {
            // The deadlock, which names them, is not thrown.
            if let givenUp = end.givenUp { StandardError.print("tasklets were \(givenUp)") }
            throw error
        }
        if let deadlock = end.deadlock { throw deadlock }
        return value
    }
}

/// Where main leaves its result for the caller of `run`.
private final class Outcome<R: Sendable>: @unchecked Sendable {
    // SAFETY: written once, by the main tasklet; read when the run has finished.
    var result: Result<R, any Error>?
}
