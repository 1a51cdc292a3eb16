// SPDX-License-Identifier: Apache-2.0

import Callbacks
import Tasklets
import TestSupport
import Testing

@Suite struct `Deferreds` {
    @Test(arguments: Configuration.all)
    func `Callbacks get the result in the order in which they were added, and later ones at once`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let number = Deferred<Int>("number")
            for name in ["a", "b"] { try number.whenFired { log.add("\(name)\(try $0.get())") } }
            log.add("before")
            #expect(try number.fire(7))
            log.add("after")
            try number.whenFired { log.add("late\(try $0.get())") }
        }
        #expect(log.text == "before a7 b7 after late7")
    }

    @Test(arguments: Configuration.all)
    func `Only the first result counts`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let number = Deferred<Int>()
            let calls = Counter()
            try number.whenFired { _ in calls.add() }
            let fired = [try number.fire(1), try number.fire(2), try number.fail(Failure("late"))]
            return (fired, calls.value, try await number.value())
        }
        #expect(outcome == ([true, false, false], 1, 1))
    }

    @Test(arguments: Configuration.all)
    func `A callback that fails stops neither the others nor the one that fires, and main gets its error`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        let error = try await configuration.failure {
            let number = Deferred<Int>()
            try number.whenFired { _ in throw Failure("first callback") }
            try number.whenFired { log.add("\(try $0.get())") }
            let firer = Tasklet.spawn {
                try number.fire(7)
                log.add("fired")
            }
            try await firer.join()
            try await Tasklet.schedule()
        }
        #expect(log.text == "7 fired")
        #expect(error as? Failure == Failure("first callback"))
    }

    @Test(arguments: Configuration.all)
    func `The error handler gets the error of a callback`(configuration: Configuration) async throws {
        let log = Log()
        let value = try await configuration.run {
            Tasklet.scheduler.errorHandler = { tasklet, error in log.add("\(tasklet.name): \(error)") }
            let number = Deferred<Int>()
            try number.whenFired { _ in throw Failure("oops") }
            try number.fire(7)
            return try await number.value()
        }
        #expect(value == 7)
        #expect(log.text == "main: \(Failure("oops"))")
    }

    @Test(arguments: Configuration.all)
    func `Results pass through map and then, and errors pass them by`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let number = Deferred<Int>()
            let doubled = try number.map { $0 * 2 }
            let text = try doubled.then { value in
                let text = Deferred<String>()
                Tasklet.spawn { try text.fire("\(value)") }
                return text
            }
            let refused = try number.map { _ -> Int in throw Failure("refused") }
            let skipped = try refused.map { $0 + 1 }
            try number.fire(7)
            let errors = [
                await failure { _ = try await refused.value() } as? Failure,
                await failure { _ = try await skipped.value() } as? Failure,
            ]
            return (try await number.value(), try await doubled.value(), try await text.value(), errors)
        }
        #expect(outcome.0 == 7 && outcome.1 == 14 && outcome.2 == "14")
        #expect(outcome.3 == [Failure("refused"), Failure("refused")])
    }

    @Test(arguments: Configuration.all)
    func `Other schedulers, and threads, are refused`(configuration: Configuration) async throws {
        let foreign = Box<Deferred<Int>?>(nil)
        let codes = try await configuration.run {
            let number = Deferred<Int>("number")
            foreign.value = number
            let elsewhere = OneShot<SchedulerError.Code?>()
            ForeignThread().start {
                do {
                    try number.fire(1)
                    elsewhere.fulfill(nil)
                } catch {
                    elsewhere.fulfill((error as? SchedulerError)?.code)
                }
            }
            return [try await elsewhere.value(), number.result.map { _ in .system }]
        }
        #expect(codes == [.wrongScheduler, nil])
        let code = try await configuration.run {
            await schedulerError { try foreign.value?.whenFired { _ in } }?.code
        }
        #expect(code == .wrongScheduler)
    }

    @Test(arguments: Configuration.all)
    func `One made outside any tasklet belongs to the first scheduler that uses it`(
        configuration: Configuration
    ) async throws {
        let number = Deferred<Int>("number")
        let value = try await configuration.run {
            Tasklet.spawn { try number.fire(7) }
            return try await number.value()
        }
        #expect(value == 7)
        let code = try await configuration.run { await schedulerError { try number.fire(8) }?.code }
        #expect(code == .wrongScheduler)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet's result is a deferred's, and so is its error`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let value = Deferred<Int>.spawn("value") {
                try await Tasklet.schedule()
                return 7
            }
            let error = Deferred<Int>.spawn("error") { throw Failure("body") }
            return (try await value.value(), await failure { _ = try await error.value() } as? Failure)
        }
        #expect(outcome == (7, Failure("body")))
    }

    @Test(arguments: Configuration.all)
    func `A value that comes in time is returned, and none at the deadline`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let never = Deferred<Int>("never")
            let late = try await never.value(until: .now + .milliseconds(1))
            let number = Deferred<Int>()
            Tasklet.spawn { try number.fire(7) }
            return (late, try await number.value(until: .now + .seconds(3600)))
        }
        #expect(outcome.0 == nil && outcome.1 == 7)
    }

    @Test(arguments: Configuration.all)
    func `What callbacks hold is released when they have been called, or the deferred is dropped`(
        configuration: Configuration
    ) async throws {
        let alive = Counter()
        let count = try await configuration.run {
            let number = Deferred<Int>()
            let object = Tracked(1, alive)
            try number.whenFired { _ in _ = object.number }
            try number.fire(1)
            return alive.value
        }
        #expect(count <= 1)
        try await configuration.run {
            let object = Tracked(2, alive)
            try Deferred<Int>().whenFired { _ in _ = object.number }
        }
        #expect(try await comesTrue { alive.value == 0 })
    }

    actor Desk {
        func wait(for number: Deferred<Int>) async throws -> Int { try await number.value() }
    }

    @Test(arguments: Configuration.all)
    func `A tasklet waits in an actor, too`(configuration: Configuration) async throws {
        let value = try await configuration.run {
            let number = Deferred<Int>()
            let desk = Desk()
            let result = Channel<Int>()
            Tasklet.spawn { try await result.send(desk.wait(for: number)) }
            Tasklet.spawn { try number.fire(7) }
            return try await result.receive()
        }
        #expect(value == 7)
    }
}
