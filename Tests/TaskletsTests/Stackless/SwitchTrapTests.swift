// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Stackless: the switch trap` {
    /// Stackless's test_miscell.py, TestSwitchTrap, test_run_paused, test_schedule, test_run and test_schedule_remove.
    ///
    /// Where several run at once, a runnable tasklet may run and end at any time, so there its state is checked only
    /// before. Another one waits all the while, so that there is always a reason to give way.
    @Test(arguments: Configuration.all)
    func `While it is set no tasklet gives way, and nothing changes`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let scheduler = Tasklet.scheduler
            let runs = Counter()
            let released = OneShot<Void>()
            let waiter = Tasklet { try await released.value() }
            try await waiter.run()
            let tasklet = Tasklet { runs.add() }
            scheduler.switchTrap = 1
            var codes = [
                await schedulerError { try await tasklet.run() }?.code,
                await schedulerError { try await tasklet.switchTo() }?.code,
            ]
            let paused = (tasklet.flags, runs.value)
            try tasklet.insert()
            codes += [
                await schedulerError { try await Tasklet.schedule() }?.code,
                await schedulerError { try await Tasklet.runAll() }?.code,
                await schedulerError { try await Tasklet.scheduleRemove() }?.code,
            ]
            let inserted = (tasklet.flags, runs.value, Tasklet.runCount, scheduler.isOrdered)
            let me = Tasklet.current.flags
            scheduler.switchTrap -= 1
            released.fulfill(())
            try await Tasklet.runAll()
            return (codes, paused, inserted, me, (tasklet.flags, runs.value, scheduler.switchTrap))
        }
        #expect(outcome.0 == Array(repeating: .switchTrap, count: 5))
        #expect(outcome.1 == ("alive paused", 0))
        if outcome.2.3 { #expect(outcome.2 == ("alive runnable", 0, 2, true)) }
        #expect(outcome.3 == "alive runnable")
        #expect(outcome.4 == ("", 1, 0))
    }

    @Test(arguments: Configuration.all)
    func `It counts, and holds until it is back at zero`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let scheduler = Tasklet.scheduler
            let tasklet = Tasklet {}
            var codes: [SchedulerError.Code?] = []
            for change in [1, 1, -1, -1] {
                scheduler.switchTrap += change
                codes.append(await schedulerError { try await tasklet.run() }?.code)
            }
            return (codes, tasklet.flags)
        }
        #expect(outcome.0 == [.switchTrap, .switchTrap, .switchTrap, nil])
        #expect(outcome.1 == "")
    }

    /// Stackless's test_miscell.py, TestSwitchTrap, test_send and test_receive.
    @Test(arguments: Configuration.ordered, [false, true])
    func `While it is set no tasklet waits on a channel, and the channel is unchanged`(
        configuration: Configuration,
        sends: Bool
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let received = Box(0)
            let partner = Tasklet.spawn {
                if sends { received.value = try await channel.receive() } else { try await channel.send(7) }
            }
            @Sendable func transfer() async throws {
                if sends { try await channel.send(7) } else { received.value = try await channel.receive() }
            }
            Tasklet.scheduler.switchTrap = 1
            let code = await schedulerError { try await transfer() }?.code
            let before = (channel.balance, Tasklet.runCount, Tasklet.current.flags, partner.flags)
            Tasklet.scheduler.switchTrap = 0
            try await transfer()
            try await partner.join()
            return (code, before, received.value)
        }
        #expect(outcome.0 == .switchTrap)
        #expect(outcome.1 == (0, 2, "alive runnable", "alive runnable"))
        #expect(outcome.2 == 7)
    }

    /// The complete roll-back of Stackless's channels: the partner still waits, at the head of the queue.
    @Test(arguments: Configuration.ordered, [false, true])
    func `While it is set no tasklet gives way to a waiting partner, and the partner still waits`(
        configuration: Configuration,
        sends: Bool
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            channel.preference = sends ? .receiver : .sender
            let received = Box(0)
            let partners = (0..<2).map { n in
                Tasklet.spawn {
                    if sends { received.value = try await channel.receive() } else { try await channel.send(n + 7) }
                }
            }
            @Sendable func transfer() async throws {
                if sends { try await channel.send(7) } else { received.value = try await channel.receive() }
            }
            try await Tasklet.runAll()
            Tasklet.scheduler.switchTrap = 1
            let code = await schedulerError { try await transfer() }?.code
            let before = (abs(channel.balance), channel.firstBlocked == partners[0], Tasklet.runCount)
            Tasklet.scheduler.switchTrap = 0
            try await transfer()
            let after = (received.value, partners[0].flags, partners[1].flags)
            try await partners[1].kill()
            return (code, before, after, channel.balance)
        }
        #expect(outcome.0 == .switchTrap)
        #expect(outcome.1 == (2, true, 1))
        #expect(outcome.2 == (7, "", "alive blocked"))
        #expect(outcome.3 == 0)
    }

    /// Stackless's test_miscell.py, TestSwitchTrap, test_kill and test_raise_exception.
    @Test(arguments: Configuration.all)
    func `While it is set no tasklet is killed, or thrown an error, at once`(configuration: Configuration) async throws
    {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let caught = Box<(any Error)?>(nil)
            let tasklet = Tasklet { caught.value = await failure { _ = try await channel.receive() } }
            try await tasklet.run()
            Tasklet.scheduler.switchTrap = 1
            let codes = [
                await schedulerError { try await tasklet.kill() }?.code,
                await schedulerError { try await tasklet.throw(Failure("1")) }?.code,
            ]
            let before = (tasklet.flags, channel.balance)
            Tasklet.scheduler.switchTrap = 0
            try await tasklet.throw(Failure("2"))
            return (codes, before, caught.value as? Failure, tasklet.flags)
        }
        #expect(outcome.0 == [.switchTrap, .switchTrap])
        #expect(outcome.1 == ("alive blocked", -1))
        #expect(outcome.2 == Failure("2"))
        #expect(outcome.3 == "")
    }

    /// Switching to oneself is no switch, and springs no trap.
    @Test(arguments: Configuration.ordered)
    func `While it is set a tasklet may switch to itself, and do what needs no switch`(
        configuration: Configuration
    ) async throws {
        let value = try await configuration.run {
            let channel = Channel<Int>()
            let sender = Tasklet { try await channel.send(1) }
            try await sender.run()
            Tasklet.scheduler.switchTrap = 1
            try await Tasklet.schedule()
            try await Tasklet.runAll()
            try await Tasklet.current.run()
            try await Tasklet.current.switchTo()
            let value = try await channel.receive()
            Tasklet.scheduler.switchTrap = 0
            return value
        }
        #expect(value == 1)
    }
}
