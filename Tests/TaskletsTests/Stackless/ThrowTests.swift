// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Stackless: throwing into tasklets` {
    /// Stackless's test_miscell.py, TestTaskletThrowImmediate.
    @Test(arguments: Configuration.all)
    func `An error thrown into a waiting tasklet is handled before throw returns`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let caught = Box<(any Error)?>(nil)
            let tasklet = Tasklet { caught.value = await failure { _ = try await channel.receive() } }
            try await tasklet.run()
            let before = (tasklet.flags, channel.balance)
            try await tasklet.throw(Failure("1 2"))
            return (before.0, before.1, caught.value as? Failure, tasklet.flags, channel.balance)
        }
        #expect(outcome == ("alive blocked", -1, Failure("1 2"), "", 0))
    }

    /// Stackless's test_miscell.py, TestTaskletThrowNonImmediate.
    @Test(arguments: Configuration.ordered)
    func `A pending error is thrown when the tasklet next runs, and not before`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let caught = Box<(any Error)?>(nil)
            let tasklet = Tasklet { caught.value = await failure { _ = try await channel.receive() } }
            try await tasklet.run()
            try await tasklet.throw(Failure("1 2"), pending: true)
            let before = (caught.value == nil, tasklet.flags, channel.balance)
            try await tasklet.run()
            return (before.0, before.1, before.2, caught.value as? Failure, tasklet.flags)
        }
        #expect(outcome == (true, "alive runnable", 0, Failure("1 2"), ""))
    }

    /// The same where others run at the same time, and "not before" cannot be observed.
    @Test(arguments: Configuration.all)
    func `A pending error makes a waiting tasklet runnable`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let caught = Box<(any Error)?>(nil)
            let opened = Box(false)
            let tasklet = Tasklet {
                caught.value = await failure { _ = try await channel.receive() }
                try await yieldUntil { opened.value }
            }
            try await tasklet.run()
            try await tasklet.throw(Failure("1 2"), pending: true)
            let before = (tasklet.flags, channel.balance)
            opened.value = true
            try await Tasklet.runAll()
            return (before.0, before.1, caught.value as? Failure, tasklet.flags)
        }
        #expect(outcome == ("alive runnable", 0, Failure("1 2"), ""))
    }

    /// Stackless's test_miscell.py, test_new.
    @Test(arguments: Configuration.all)
    func `An error thrown into a tasklet that never ran comes out of throw, and its body never runs`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let runs = Counter()
            let tasklet = Tasklet { runs.add() }
            let error = await failure { try await tasklet.throw(Failure("early")) }
            try await Tasklet.runAll()
            return (error as? Failure, tasklet.flags, runs.value)
        }
        #expect(outcome == (Failure("early"), "", 0))
    }

    /// Stackless's test_miscell.py, test_new, with a pending error.
    @Test(arguments: Configuration.all)
    func `A pending error for a tasklet that never ran comes out of running all, and its body never runs`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let runs = Counter()
            let tasklet = Tasklet { runs.add() }
            try await tasklet.throw(Failure("early"), pending: true)
            let error = await failure { try await Tasklet.runAll() }
            try await Tasklet.runAll()
            return (error as? Failure, tasklet.flags, runs.value)
        }
        #expect(outcome == (Failure("early"), "", 0))
    }

    /// Stackless's test_miscell.py, test_dead and test_kill_dead.
    @Test(arguments: Configuration.all, [false, true])
    func `Only TaskletExit can be thrown into a tasklet that has ended`(
        configuration: Configuration,
        pending: Bool
    ) async throws {
        let outcome = try await configuration.run {
            let tasklet = Tasklet.spawn {}
            try await Tasklet.runAll()
            let error = await schedulerError { try await tasklet.throw(Failure(""), pending: pending) }
            try await tasklet.throw(TaskletExit(), pending: pending)
            try await tasklet.kill(pending: pending)
            return (error?.code, tasklet.flags, Tasklet.runCount)
        }
        #expect(outcome == (.deadTasklet, "", 1))
    }

    /// Stackless's documentation of `throw`: into oneself it is a plain throw.
    @Test(arguments: Configuration.all, [false, true])
    func `An error thrown into oneself comes out of throw`(configuration: Configuration, pending: Bool) async throws {
        let error = try await configuration.run {
            await failure { try await Tasklet.current.throw(Failure("mine"), pending: pending) }
        }
        #expect(error as? Failure == Failure("mine"))
    }
}
