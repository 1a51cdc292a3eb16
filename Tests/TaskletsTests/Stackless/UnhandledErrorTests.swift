// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Stackless: errors that no tasklet catches` {
    /// Stackless's test_watchdog.py, test_error_propagation_when_not_deadlock.
    @Test(arguments: Configuration.all)
    func `An uncaught error comes out of running all, and the others stay runnable`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let opened = Box(false)
            let patient = Tasklet.spawn { try await yieldUntil { opened.value } }
            let failing = Tasklet.spawn { throw Failure("bar") }
            let error = await failure { try await Tasklet.runAll() }
            let flags = [patient.flags, failing.flags]
            opened.value = true
            let returned = try await Tasklet.runAll()
            return (error as? Failure, flags, returned, patient.flags)
        }
        #expect(outcome.0 == Failure("bar"))
        #expect(outcome.1 == ["alive runnable", ""])
        #expect(outcome.2 == nil)
        #expect(outcome.3 == "")
    }

    /// Stackless's test_watchdog.py, test_main_gets_exception.
    @Test(arguments: Configuration.all)
    func `An uncaught error comes out of main's receive, ahead of any deadlock`(
        configuration: Configuration
    ) async throws {
        let error = try await configuration.run {
            Tasklet.spawn { throw Failure("mumbai") }
            return await failure { _ = try await Channel<Int>().receive() }
        }
        #expect(error as? Failure == Failure("mumbai"))
    }

    /// What an error handler was told.
    private struct Report: Sendable, Equatable {
        var name: String
        var error: Failure?
        var isCurrent: Bool
    }

    /// Stackless's TestErrorHandler, test_handler and test_getcurrent.
    @Test(arguments: Configuration.all)
    func `An error that the handler takes goes no further, and the dying tasklet is the current one`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let reports = Box<[Report]>([])
            let scheduler = Tasklet.scheduler
            scheduler.errorHandler = { tasklet, error in
                let isCurrent = Tasklet.current == tasklet
                reports.update { $0.append(Report(name: tasklet.name, error: error as? Failure, isCurrent: isCurrent)) }
            }
            let tasklet = Tasklet.spawn("dying") { throw Failure("index") }
            let returned = try await Tasklet.runAll()
            scheduler.errorHandler = nil
            return (returned, reports.value, tasklet.flags)
        }
        #expect(outcome.0 == nil)
        #expect(outcome.1 == [Report(name: "dying", error: Failure("index"), isCurrent: true)])
        #expect(outcome.2 == "")
    }

    /// Stackless's TestErrorHandler, test_borken_handler.
    @Test(arguments: Configuration.all)
    func `An error that the handler throws replaces the first`(configuration: Configuration) async throws {
        let errors = try await configuration.run {
            let scheduler = Tasklet.scheduler
            scheduler.errorHandler = { _, _ in throw Failure("handler's") }
            Tasklet.spawn { throw Failure("tasklet's") }
            let first = await failure { try await Tasklet.runAll() }
            scheduler.errorHandler = nil
            Tasklet.spawn { throw Failure("tasklet's") }
            return [first, await failure { try await Tasklet.runAll() }]
        }
        #expect(errors.map { $0 as? Failure } == [Failure("handler's"), Failure("tasklet's")])
    }

    @Test(arguments: Configuration.all)
    func `The handler is not called for a tasklet that was killed`(configuration: Configuration) async throws {
        let calls = Counter()
        try await configuration.run {
            Tasklet.scheduler.errorHandler = { _, _ in calls.add() }
            let tasklet = Tasklet { try await yieldUntil { false } }
            try await tasklet.run()
            try await tasklet.kill()
            Tasklet.scheduler.errorHandler = nil
        }
        #expect(calls.value == 0)
    }
}
