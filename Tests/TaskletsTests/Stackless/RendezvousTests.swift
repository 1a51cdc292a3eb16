// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Stackless: channels` {
    /// Stackless's test_channel.py, testBlockingSend.
    @Test(arguments: Configuration.all)
    func `A sender without a partner blocks, and the tasklet that ran it continues`(configuration: Configuration)
        async throws
    {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let sender = Tasklet { try await channel.send(1) }
            try await sender.run()
            let blocked = (sender.flags, channel.balance)
            try await sender.kill()
            return (blocked.0, blocked.1, Tasklet.current.isMain, channel.balance)
        }
        #expect(outcome == ("alive blocked", 1, true, 0))
    }

    /// Stackless's test_channel.py, testBlockingReceive.
    @Test(arguments: Configuration.all)
    func `A receiver without a partner blocks, and the tasklet that ran it continues`(configuration: Configuration)
        async throws
    {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let receiver = Tasklet { _ = try await channel.receive() }
            try await receiver.run()
            let blocked = (receiver.flags, channel.balance)
            try await receiver.kill()
            return (blocked.0, blocked.1, Tasklet.current.isMain, channel.balance)
        }
        #expect(outcome == ("alive blocked", -1, true, 0))
    }

    /// Stackless's test_channel.py, testNonBlockingSend.
    @Test(arguments: Configuration.all)
    func `Sending to a waiting receiver blocks no tasklet`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let received = Box(0)
            let receiver = Tasklet { received.value = try await channel.receive() }
            try await receiver.run()
            Tasklet.current.blockTrap = true
            let error = await schedulerError { try await channel.send(1) }?.code
            Tasklet.current.blockTrap = false
            try await Tasklet.runAll()
            return (error, received.value, channel.balance, receiver.flags)
        }
        #expect(outcome == (nil, 1, 0, ""))
    }

    /// Stackless's test_channel.py, testNonBlockingReceive.
    @Test(arguments: Configuration.all)
    func `Receiving from a waiting sender blocks no tasklet, and makes the sender runnable`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let opened = Box(false)
            let sender = Tasklet {
                try await channel.send(1)
                try await yieldUntil { opened.value }
            }
            try await sender.run()
            Tasklet.current.blockTrap = true
            let value = try await channel.receive()
            Tasklet.current.blockTrap = false
            let flags = sender.flags
            opened.value = true
            try await Tasklet.runAll()
            return (value, flags, channel.balance, sender.flags)
        }
        #expect(outcome == (1, "alive runnable", 0, ""))
    }

    /// PyPy's test_stackless.py, test_with_channel.
    @Test(arguments: Configuration.ordered)
    func `Sender and receiver alternate strictly while main runs all`(configuration: Configuration) async throws {
        let log = Log()
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn {
                for n in 0..<10 {
                    log.add("s\(n)")
                    try await channel.send(n)
                }
            }
            Tasklet.spawn { for _ in 0..<10 { log.add("r\(try await channel.receive())") } }
            try await Tasklet.runAll()
            return (channel.balance, Tasklet.runCount)
        }
        #expect(log.text == (0..<10).map { "s\($0) r\($0)" }.joined(separator: " "))
        #expect(outcome == (0, 1))
    }

    /// The testsuite's testAttr_preference and testAttr_schedule_all.
    @Test(arguments: Configuration.all)
    func `A channel prefers receivers until it is told otherwise`(configuration: Configuration) async throws {
        let (preferences, schedulesAll) = try await configuration.run {
            let channel = Channel<Int>()
            var preferences = [channel.preference]
            for preference in [Preference.sender, .none, .receiver] {
                channel.preference = preference
                preferences.append(channel.preference)
            }
            var schedulesAll = [channel.schedulesAll]
            for value in [true, false] {
                channel.schedulesAll = value
                schedulesAll.append(channel.schedulesAll)
            }
            return (preferences, schedulesAll)
        }
        #expect(preferences.map(\.rawValue) == [-1, 1, 0, -1])
        #expect(schedulesAll == [false, true, false])
    }

    /// The testsuite's testAttr_queue.
    @Test(arguments: Configuration.all)
    func `The first in a channel's queue is the tasklet that has waited longest`(configuration: Configuration)
        async throws
    {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            var first = [channel.firstBlocked?.name]
            for name in ["1", "2"] {
                let sender = Tasklet(name) { try await channel.send(0) }
                try await sender.run()
                first.append(channel.firstBlocked?.name)
            }
            for _ in 0..<2 {
                _ = try await channel.receive()
                first.append(channel.firstBlocked?.name)
            }
            return first
        }
        #expect(outcome == [nil, "1", "1", "2", nil])
    }

    /// Stackless's test_channel.py, testBlockTrapSend and testBlockTrapRecv.
    @Test(arguments: Configuration.all, [true, false])
    func `A tasklet with its block trap set may not wait`(configuration: Configuration, sends: Bool) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let errors = Box<[SchedulerError?]>([])
            @Sendable func tryToWait() async {
                let me = Tasklet.current
                me.blockTrap = true
                let error = await schedulerError {
                    if sends { try await channel.send(1) } else { _ = try await channel.receive() }
                }
                me.blockTrap = false
                errors.update { $0.append(error) }
            }
            await tryToWait()
            let balance = channel.balance
            Tasklet.spawn { await tryToWait() }
            try await Tasklet.runAll()
            return (errors.value.map { $0?.code }, [balance, channel.balance], Tasklet.runCount)
        }
        #expect(outcome.0 == [.blockTrap, .blockTrap])
        #expect(outcome.1 == [0, 0])
        #expect(outcome.2 == 1)
    }

    /// An error that is told from others by its identity.
    private final class Reason: Error {
        let numbers: [Int]

        init(_ numbers: [Int]) { self.numbers = numbers }
    }

    /// Stackless's test_channel.py, testSendException and testSendThrow.
    @Test(arguments: Configuration.all)
    func `A sent error is thrown by the receiver, the very same one`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let opened = Box(false)
            let sent = Reason([1, 2, 3])
            let sender = Tasklet {
                try await channel.send(throwing: sent)
                try await yieldUntil { opened.value }
            }
            try await sender.run()
            let blocked = sender.flags
            let received = await failure { _ = try await channel.receive() } as? Reason
            let flags = sender.flags
            opened.value = true
            try await Tasklet.runAll()
            return (blocked, received?.numbers, received === sent, flags, sender.flags)
        }
        #expect(outcome == ("alive blocked", [1, 2, 3], true, "alive runnable", ""))
    }

    /// Stackless's documentation of `send_exception`.
    @Test(arguments: Configuration.ordered)
    func `An error that the receiver does not catch comes out of the call that sent it`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let receiver = Tasklet.spawn { _ = try await channel.receive() }
            try await Tasklet.runAll()
            let blocked = receiver.flags
            let error = await failure { try await channel.send(throwing: Failure("key")) }
            return (blocked, error as? Failure, receiver.flags)
        }
        #expect(outcome == ("alive blocked", Failure("key"), ""))
    }

    /// The testsuite's testLC_blocked_current, and its twin with the other preference.
    @Test(arguments: Configuration.ordered, [(Preference.sender, "0 1", ""), (.receiver, "1 0", "alive runnable")])
    func `The preference decides whether a parked sender runs before its receiver`(
        configuration: Configuration,
        setting: (preference: Preference, order: String, flags: String)
    ) async throws {
        let log = Log()
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            channel.preference = setting.preference
            let sender = Tasklet.spawn {
                try await channel.send(123)
                log.add("0")
            }
            try await Tasklet.runAll()
            let value = try await channel.receive()
            log.add("1")
            let flags = sender.flags
            try await Tasklet.runAll()
            return (value, flags)
        }
        #expect(log.text == setting.order)
        #expect(outcome == (123, setting.flags))
    }
}
