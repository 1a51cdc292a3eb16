// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// These tests do not check how late a deadline may be, only that it is not early.
@Suite struct `Sending and receiving with a deadline` {
    private static var past: ContinuousClock.Instant { .now - .seconds(1) }
    /// So far away that it never passes during a test.
    private static var far: ContinuousClock.Instant { .now + .seconds(3600) }

    // MARK: In the past

    @Test(arguments: Configuration.all)
    func `With a past instant no tasklet waits, and no other one runs`(
        configuration: Configuration
    ) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            var results: [Bool] = []
            var balances: [Int] = []
            for capacity in [0, 1] {
                let channel = Channel<Tracked>(capacity: capacity)
                let before = Tasklet.scheduler.counters.total
                results.append(try await channel.receive(until: Self.past) == nil)
                if capacity > 0 { try await channel.send(Tracked(0, alive)) }
                results.append(try await !channel.send(Tracked(1, alive), until: Self.past))
                results.append(Tasklet.scheduler.counters.total == before)
                balances += [channel.balance, alive.value]
            }
            return (results, balances)
        }
        #expect(outcome.0 == Array(repeating: true, count: 6))
        #expect(outcome.1 == [0, 0, 0, 1])
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `With a past instant the traps do not matter`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.current.blockTrap = true
            Tasklet.scheduler.switchTrap = 1
            defer {
                Tasklet.current.blockTrap = false
                Tasklet.scheduler.switchTrap = 0
            }
            return (try await channel.receive(until: Self.past), try await channel.send(1, until: Self.past))
        }
        #expect(outcome == (nil, false))
    }

    @Test(arguments: Configuration.all)
    func `With a past instant, a waiting value is taken, and a waiting receiver is served`(
        configuration: Configuration
    ) async throws {
        let received = Box<Int?>(nil)
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let sender = Tasklet.spawn { try await channel.send(1) }
            while channel.balance == 0 { try await Tasklet.schedule() }
            let fromSender = try await channel.receive(until: Self.past)
            try await sender.join()
            let receiver = Tasklet.spawn { received.value = try await channel.receive() }
            while channel.balance == 0 { try await Tasklet.schedule() }
            let toReceiver = try await channel.send(2, until: Self.past)
            try await receiver.join()
            let buffered = Channel<Int>(capacity: 1)
            let intoBuffer = try await buffered.send(3, until: Self.past)
            return (fromSender, toReceiver, intoBuffer, try await buffered.receive(until: Self.past))
        }
        #expect(outcome == (1, true, true, 3))
        #expect(received.value == 2)
    }

    // MARK: A deadline that passes

    @Test(arguments: Configuration.all, [0, 1])
    func `A deadline ends the wait, and corrects the balance`(
        configuration: Configuration,
        capacity: Int
    ) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            let channel = Channel<Tracked>(capacity: capacity)
            // Main alone may wait with a deadline: that is no deadlock.
            let first = ContinuousClock.now + .milliseconds(1)
            let value = try await channel.receive(until: first)
            var inTime = [ContinuousClock.now >= first]
            if capacity > 0 { try await channel.send(Tracked(0, alive)) }
            let second = ContinuousClock.now + .milliseconds(1)
            let wasSent = try await channel.send(Tracked(1, alive), until: second)
            inTime.append(ContinuousClock.now >= second)
            return (value == nil, wasSent, inTime, [channel.balance, channel.bufferedCount, alive.value])
        }
        #expect((outcome.0, outcome.1) == (true, false))
        #expect(outcome.2 == [true, true])
        #expect(outcome.3 == [0, capacity, capacity])
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `Main waiting for a sender is in no deadlock while another tasklet waits with a deadline`(
        configuration: Configuration
    ) async throws {
        let value = try await configuration.run {
            let mine = Channel<Int>()
            let silent = Channel<Int>()
            Tasklet.spawn {
                let value = try await silent.receive(until: .now + .milliseconds(1))
                try await mine.send(value ?? -1)
            }
            return try await mine.receive()
        }
        #expect(value == -1)
    }

    @Test(arguments: Configuration.all)
    func `A deadline too far away to represent never passes`(configuration: Configuration) async throws {
        let never = ContinuousClock.now + .seconds(10_000_000_000)
        let alive = Counter()
        let error = try await configuration.failure {
            let channel = Channel<Tracked>("silent")
            let full = Channel<Tracked>("full", capacity: 1)
            try await full.send(Tracked(0, alive))
            Tasklet.spawn("receiver") { _ = try await channel.receive(until: never) }
            Tasklet.spawn("sender") { try await full.send(Tracked(1, alive), until: never) }
        }
        let deadlock = try #require(error as? SchedulerError)
        #expect(deadlock.code == .deadlock)
        #expect(Set(deadlock.blocked.map(\.channel)) == ["silent", "full"])
        #expect(try await comesTrue { alive.value == 0 })
        let value = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn { try await channel.send(1, until: never) }
            return try await channel.receive(until: never)
        }
        #expect(value == 1)
    }

    // MARK: A partner that arrives first

    @Test(arguments: Configuration.all, [0, 1])
    func `A partner that arrives before the deadline turns the timer off`(
        configuration: Configuration,
        capacity: Int
    ) async throws {
        let wrong = try await configuration.run {
            let channel = Channel<Int>(capacity: capacity)
            let sender = Tasklet.spawn { try await channel.send(4) }
            let first = ContinuousClock.now + .milliseconds(2)
            // On a slow machine a deadline may pass first; then the partner still has to be released.
            if try await channel.receive(until: first) == nil { _ = try await channel.receive() }
            try await sender.join()
            var wrong = await nextWaits(passing: first)
            if capacity > 0 { try await channel.send(0) }
            let receiver = Tasklet.spawn { for _ in 0...capacity { _ = try await channel.receive() } }
            let second = ContinuousClock.now + .milliseconds(2)
            if try await !channel.send(5, until: second) { try await channel.send(5) }
            try await receiver.join()
            wrong += await nextWaits(passing: second)
            if channel.balance != 0 || channel.bufferedCount != 0 { wrong.append("something remains") }
            return wrong
        }
        #expect(wrong == [])
    }

    @Test(arguments: Configuration.all)
    func `A sender and a receiver with deadlines find each other`(configuration: Configuration) async throws {
        for preference in [Preference.receiver, .none, .sender] {
            let outcome = try await configuration.run {
                let channel = Channel<LargeElement>()
                channel.preference = preference
                let sent = Counter()
                let sender = Tasklet.spawn {
                    for _ in 0..<50 where try await channel.send(LargeElement(), until: Self.far) { sent.add() }
                }
                var values: [LargeElement?] = []
                for _ in 0..<50 { values.append(try await channel.receive(until: Self.far)) }
                try await sender.join()
                return (values, sent.value, channel.balance)
            }
            #expect(outcome.0 == Array(repeating: LargeElement(), count: 50))
            #expect((outcome.1, outcome.2) == (50, 0))
        }
    }

    @Test(arguments: Configuration.all)
    func `A sent error is thrown by a receiver with a deadline`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn { try await channel.send(throwing: Failure("waiting")) }
            while channel.balance == 0 { try await Tasklet.schedule() }
            let first = await failure { _ = try await channel.receive(until: Self.far) } as? Failure
            Tasklet.spawn {
                while channel.balance == 0 { try await Tasklet.schedule() }
                try await channel.send(throwing: Failure("coming"))
            }
            let second = await failure { _ = try await channel.receive(until: Self.far) } as? Failure
            return (first, second, channel.balance)
        }
        #expect(outcome == (Failure("waiting"), Failure("coming"), 0))
    }

    @Test(arguments: Configuration.all)
    func `Closing does not end the wait on a rendezvous, but the deadline does`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let result = Box<Int??>(nil)
            let receiver = Tasklet.spawn {
                result.value = .some(try await channel.receive(until: .now + .milliseconds(2)))
            }
            while channel.balance == 0, receiver.isAlive { try await Tasklet.schedule() }
            channel.close()
            try await receiver.join()
            let closed = await schedulerError { _ = try await channel.receive(until: Self.past) }?.code
            return (result.value, channel.isClosed, closed)
        }
        #expect(outcome.0 == .some(nil))
        #expect(outcome.1)
        #expect(outcome.2 == .channelClosed)
    }

    // MARK: Refusals

    @Test(arguments: Configuration.all)
    func `A block trap and a switch trap refuse to wait, and change nothing`(
        configuration: Configuration
    ) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            let channel = Channel<Tracked>()
            let act: @Sendable () async -> [SchedulerError.Code?] = {
                [
                    await schedulerError { _ = try await channel.receive(until: Self.far) }?.code,
                    await schedulerError { try await channel.send(Tracked(1, alive), until: Self.far) }?.code,
                ]
            }
            Tasklet.current.blockTrap = true
            var codes = await act()
            Tasklet.current.blockTrap = false
            Tasklet.scheduler.switchTrap = 1
            codes += await act()
            Tasklet.scheduler.switchTrap = 0
            return (codes, channel.balance, alive.value)
        }
        #expect(outcome.0 == [.blockTrap, .blockTrap, .switchTrap, .switchTrap])
        #expect((outcome.1, outcome.2) == (0, 0))
    }

    // MARK: Actors

    private actor Desk {
        private(set) var visits = 0
        func take(from channel: Channel<Int>, until deadline: ContinuousClock.Instant) async throws -> Int? {
            visits += 1
            return try await channel.receive(until: deadline)
        }
        func put(_ value: Int, into channel: Channel<Int>, until limit: ContinuousClock.Instant) async throws -> Bool {
            visits += 1
            return try await channel.send(value, until: limit)
        }
    }

    @Test(arguments: Configuration.all)
    func `An actor is free while a tasklet waits inside it with a deadline`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let desk = Desk()
            let channel = Channel<Int>()
            let results = Channel<Int?>()
            for _ in 0..<5 { Tasklet.spawn { try await results.send(desk.take(from: channel, until: Self.far)) } }
            while channel.balance > -5 { try await Tasklet.schedule() }
            for n in 1...5 { _ = try await desk.put(n, into: channel, until: Self.far) }
            var values: [Int] = []
            for _ in 0..<5 { values.append(try await results.receive() ?? -1) }
            let late = try await desk.take(from: channel, until: .now + .milliseconds(1))
            let isSent = try await desk.put(1, into: channel, until: .now + .milliseconds(1))
            return (values.sorted(), late, isSent, await desk.visits, channel.balance)
        }
        #expect(outcome.0 == [1, 2, 3, 4, 5])
        #expect((outcome.1, outcome.2) == (nil, false))
        #expect((outcome.3, outcome.4) == (12, 0))
    }
}
