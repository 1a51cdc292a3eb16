// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Stackless: killing tasklets` {
    /// Stackless's test_miscell.py, test_kill_new.
    @Test(arguments: Configuration.all)
    func `A tasklet that is killed before it ever ran never runs`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let runs = Counter()
            let tasklet = Tasklet { runs.add() }
            try await tasklet.throw(TaskletExit())
            let flags = tasklet.flags
            try await Tasklet.runAll()
            let error = await schedulerError { try await tasklet.run() }
            return (flags, runs.value, error?.code, error?.message)
        }
        #expect(outcome.0 == "")
        #expect(outcome.1 == 0)
        #expect(outcome.2 == .deadTasklet)
        #expect(outcome.3?.contains("dead") == true)
    }

    /// Stackless's test_miscell.py, test_kill_new: there the tasklet is in the run queue.
    @Test(arguments: Configuration.ordered, [false, true])
    func `A tasklet that is killed before its turn never runs`(
        configuration: Configuration,
        pending: Bool
    ) async throws {
        let outcome = try await configuration.run {
            let runs = Counter()
            let tasklet = Tasklet.spawn { runs.add() }
            try await tasklet.kill(pending: pending)
            let flags = tasklet.flags
            try await Tasklet.runAll()
            return (flags, runs.value, tasklet.flags)
        }
        #expect(outcome == (pending ? "alive runnable" : "", 0, ""))
    }

    /// A tasklet that yields until it is killed, and logs that.
    private static func makeVictim(_ killed: Box<Bool>) -> Tasklet {
        Tasklet {
            do { try await yieldUntil { false } } catch is TaskletExit {
                killed.value = true
                throw TaskletExit()
            }
        }
    }

    /// Stackless's test_miscell.py, test_kill_pending_False.
    @Test(arguments: Configuration.all)
    func `A tasklet has died before kill returns`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let killed = Box(false)
            let victim = Self.makeVictim(killed)
            try await victim.run()
            let before = (victim.flags, killed.value)
            try await victim.kill()
            return (before.0, before.1, victim.flags, killed.value)
        }
        #expect(outcome == ("alive runnable", false, "", true))
    }

    /// Stackless's test_miscell.py, test_kill_pending_true.
    @Test(arguments: Configuration.ordered)
    func `A pending kill takes effect when the tasklet next runs, and not before`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let killed = Box(false)
            let victim = Self.makeVictim(killed)
            try await victim.run()
            try await victim.kill(pending: true)
            let before = (victim.flags, killed.value)
            try await victim.run()
            return (before.0, before.1, victim.flags, killed.value)
        }
        #expect(outcome == ("alive runnable", false, "", true))
    }

    /// The same where others run at the same time, and "not before" cannot be observed.
    @Test(arguments: Configuration.all)
    func `A pending kill takes effect in a tasklet that yields`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let killed = Box(false)
            let victim = Self.makeVictim(killed)
            try await victim.run()
            try await victim.kill(pending: true)
            try await Tasklet.runAll()
            return (victim.flags, killed.value)
        }
        #expect(outcome == ("", true))
    }

    /// Stackless's test_miscell.py, test_kill_current.
    @Test(arguments: Configuration.all)
    func `A tasklet that kills itself dies, and no other does`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let killed = Box(false)
            let hasContinued = Box(false)
            let tasklet = Tasklet {
                do { try await Tasklet.current.kill() } catch is TaskletExit {
                    killed.value = true
                    throw TaskletExit()
                }
                hasContinued.value = true
            }
            try await tasklet.run()
            return (killed.value, hasContinued.value, tasklet.flags, Tasklet.current.isMain, Tasklet.runCount)
        }
        #expect(outcome == (true, false, "", true, 1))
    }

    /// What PyPy's test_stackless.py, test_catch_taskletexit, tests.
    @Test(arguments: Configuration.all)
    func `A tasklet that catches its death waits again, and is served`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let log = Log()
            let channel = Channel<Int>()
            let survivor = Tasklet {
                var received = 0
                while received < 2 {
                    do {
                        log.add("\(try await channel.receive())")
                        received += 1
                    } catch is TaskletExit { log.add("x") }
                }
            }
            try await survivor.run()
            try await survivor.kill()
            let after = (survivor.flags, channel.balance, log.text)
            for value in 1...2 { try await channel.send(value) }
            try await Tasklet.runAll()
            return (after.0, after.1, after.2, log.text, survivor.flags)
        }
        #expect(outcome == ("alive blocked", -1, "x", "x 1 2", ""))
    }

    /// Stackless's order: the killer stays in the run queue, which continues from where the victim was.
    ///
    /// Syncless's testKillJumpsInRunnablesList and testRunnablesOrderAtKill.
    @Test(arguments: Configuration.ordered)
    func `Tasklets behind a runnable victim run before its killer, those behind a blocked one do not`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>()
            let blocked = Tasklet { _ = try await channel.receive() }
            try await blocked.run()
            let victims = ["1", "2", "3"].map { name in Tasklet.spawn { log.add(name) } }
            try await blocked.kill()
            log.add("m")
            try await victims[1].kill()
            log.add("m")
            try await Tasklet.runAll()
        }
        #expect(log.text == "m 3 m 1")
    }
}
