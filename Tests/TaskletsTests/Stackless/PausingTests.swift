// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Stackless: paused tasklets` {
    /// PyPy's test_stackless.py, test_schedule_return.
    @Test(arguments: Configuration.all)
    func `A tasklet that yields is the current one again afterwards`(configuration: Configuration) async throws {
        let (before, after, isMain) = try await configuration.run {
            Tasklet.spawn { try await Tasklet.schedule() }
            let before = Tasklet.current
            try await Tasklet.schedule()
            return (before, Tasklet.current, Tasklet.current.isMain)
        }
        #expect(before == after)
        #expect(isMain)
    }

    /// The light hand-over of Stackless's documentation of `schedule_remove`, with a box instead of `tempval`.
    @Test(arguments: Configuration.all)
    func `A tasklet that has left the run queue continues, with what was left for it, when it is inserted`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let result = Box("nothing")
            let seen = Box("")
            let waiter = Tasklet.spawn {
                try await Tasklet.scheduleRemove()
                seen.value = result.value
            }
            try await Tasklet.runAll()
            let paused = waiter.flags
            result.value = "result"
            try waiter.insert()
            try await Tasklet.runAll()
            return (paused, seen.value, waiter.flags)
        }
        #expect(outcome == ("alive paused", "result", ""))
    }

    /// Stackless's TestSwitch.test_switch.
    @Test(arguments: Configuration.all)
    func `A tasklet that switches to a runnable one is paused until that inserts it`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let main = Tasklet.current
            let target = Tasklet.spawn {
                try await yieldUntil { main.isPaused }
                try main.insert()
            }
            try await target.switchTo()
            try await target.join()
            return (target.flags, main.flags, Tasklet.runCount)
        }
        #expect(outcome == ("", "alive runnable", 1))
    }

    /// Stackless's TestSwitch.test_switch_paused.
    @Test(arguments: Configuration.all)
    func `A tasklet that switches to a paused one is paused until that inserts it`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let main = Tasklet.current
            let target = Tasklet {
                try await yieldUntil { main.isPaused }
                try main.insert()
            }
            let before = target.flags
            try await target.switchTo()
            try await target.join()
            return (before, target.flags, main.flags, Tasklet.runCount)
        }
        #expect(outcome == ("alive paused", "", "alive runnable", 1))
    }

    /// Stackless's TestSwitch.test_switch_blocked.
    @Test(arguments: Configuration.all)
    func `No tasklet switches to a blocked one`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let target = Tasklet { _ = try await channel.receive() }
            try await target.run()
            let errors = [
                await schedulerError { try await target.switchTo() },
                await schedulerError { try await target.run() },
                await schedulerError { try target.insert() },
                await schedulerError { try target.remove() },
            ]
            let flags = [target.flags, Tasklet.current.flags]
            try await channel.send(1)
            try await target.join()
            return (errors, flags, channel.balance)
        }
        #expect(outcome.0.map { $0?.code } == Array(repeating: .blockedTasklet, count: 4))
        #expect(outcome.0.first??.message.contains("blocked") == true)
        #expect(outcome.1 == ["alive blocked", "alive runnable"])
        #expect(outcome.2 == 0)
    }

    /// Stackless's TestSwitch.test_switch_self.
    @Test(arguments: Configuration.all)
    func `Switching to oneself does nothing`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let me = Tasklet.current
            try await me.switchTo()
            try await me.run()
            let alone = (me.flags, Tasklet.runCount)
            let inside = Box("")
            let other = Tasklet {
                try await Tasklet.current.switchTo()
                try await Tasklet.current.run()
                inside.value = Tasklet.current.flags
            }
            try await other.run()
            try await other.join()
            return (alone.0, alone.1, inside.value)
        }
        #expect(outcome == ("alive runnable", 1, "alive runnable"))
    }

    /// Stackless's test_defects.py, Schedule.testScheduleRemove.
    @Test(arguments: Configuration.all)
    func `Running all returns when the only tasklet leaves the run queue`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let ended = Box(false)
            let tasklet = Tasklet.spawn {
                try await Tasklet.scheduleRemove()
                ended.value = true
            }
            let returned = try await Tasklet.runAll()
            let paused = (tasklet.flags, ended.value)
            try tasklet.insert()
            try await Tasklet.runAll()
            return (returned, paused.0, paused.1, tasklet.flags, ended.value)
        }
        #expect(outcome == (nil, "alive paused", false, "", true))
    }

    /// Stackless's test_defects.py, Schedule.testScheduleRemove2.
    @Test(arguments: Configuration.all)
    func `The last runnable tasklet may not leave the run queue while main is blocked`(
        configuration: Configuration
    ) async throws {
        let (error, value) = try await configuration.run {
            let refusal = Box<SchedulerError?>(nil)
            let channel = Channel<Int>()
            Tasklet.spawn {
                try await yieldUntil { channel.balance == -1 }
                refusal.value = await schedulerError { try await Tasklet.scheduleRemove() }
                try await channel.send(1)
            }
            let value = try await channel.receive()
            return (refusal.value, value)
        }
        #expect(error?.code == .deadlock)
        #expect(error?.message.contains("Deadlock") == true)
        #expect(value == 1)
    }

    @Test(arguments: Configuration.all)
    func `Main alone leaves the run queue and is back at once`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            try await Tasklet.scheduleRemove()
            return (Tasklet.current.flags, Tasklet.runCount)
        }
        #expect(outcome == ("alive runnable", 1))
    }

    /// What Stackless's documentation says of `insert` and `remove`.
    @Test(arguments: Configuration.all)
    func `Inserting and removing twice does nothing, and is refused where impossible`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let runs = Counter()
            let stopped = Box(false)
            let tasklet = Tasklet {
                runs.add()
                try await yieldUntil { stopped.value }
            }
            try tasklet.remove()
            let before = (tasklet.flags, runs.value)
            try tasklet.insert()
            try tasklet.insert()
            let inserted = tasklet.flags
            stopped.value = true
            try await Tasklet.runAll()
            let refusals = [
                await schedulerError { try Tasklet.current.remove() }?.code,
                await schedulerError { try tasklet.insert() }?.code,
                await schedulerError { try await tasklet.run() }?.code,
                await schedulerError { try await tasklet.switchTo() }?.code,
            ]
            return (before.0, before.1, inserted, runs.value, refusals)
        }
        #expect(outcome.0 == "alive paused")
        #expect(outcome.1 == 0)
        #expect(outcome.2 == "alive runnable")
        #expect(outcome.3 == 1)
        #expect(outcome.4 == [.currentTasklet, .deadTasklet, .deadTasklet, .deadTasklet])
    }
}
