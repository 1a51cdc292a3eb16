// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Closed channels with a buffer` {
    @Test(arguments: Configuration.all)
    func `Buffered values can still be received, and no more can be sent`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>("numbers", capacity: 3)
            try await channel.send(contentsOf: [1, 2])
            channel.close()
            var states = [[channel.isClosing, channel.isClosed]]
            var errors = [
                await schedulerError { try await channel.send(3) },
                await schedulerError { try await channel.send(throwing: Failure("")) },
                await schedulerError { try await channel.send(3, until: .now + .seconds(3600)) },
                await schedulerError { try await channel.send(3, until: .now) },
                await schedulerError { try await channel.sendSynchronously(3) },
            ]
            let level = (channel.bufferedCount, channel.balance)
            var values = [try await channel.receive(), try await channel.receive()]
            states.append([channel.isClosing, channel.isClosed])
            errors += [
                await schedulerError { _ = try await channel.receive() },
                await schedulerError { _ = try await channel.receive(until: .now + .seconds(3600)) },
                await schedulerError { _ = try await channel.receive(until: .now) },
                await schedulerError { _ = try await channel.receiveSynchronously() },
            ]
            channel.open()
            states.append([channel.isClosing, channel.isClosed])
            try await channel.send(contentsOf: [4, 5, 6])
            for _ in 0..<3 { values.append(try await channel.receive()) }
            return (states, errors, level, values)
        }
        #expect(outcome.0 == [[true, false], [true, true], [false, false]])
        #expect(outcome.1.map { $0?.code } == Array(repeating: .channelClosed, count: 9))
        #expect(outcome.1.allSatisfy { $0?.message.contains("'numbers'") == true })
        #expect(outcome.2 == (2, 0))
        #expect(outcome.3 == [1, 2, 4, 5, 6])
    }

    @Test(arguments: Configuration.all)
    func `Closing wakes waiting receivers, however they wait`(configuration: Configuration) async throws {
        let log = Log()
        let outcome = try await configuration.run {
            let channel = Channel<Int>(capacity: 2)
            let other = Channel<Int>()
            let bodies: [@Sendable () async throws -> Void] = [
                { _ = try await channel.receive() },
                { _ = try await channel.receive(until: .now + .seconds(3600)) },
                { _ = try await channel.receiveSynchronously() },
                { _ = try await Tasklet.select(other.onReceive(), channel.onReceive()) },
                { for try await _ in channel {} },
            ]
            let waiters = bodies.enumerated().map { index, body in
                Tasklet.spawn { log.add("\(index) \(await schedulerError(body)?.code == .channelClosed)") }
            }
            while channel.balance > -5 { try await Tasklet.schedule() }
            channel.close()
            let after = (channel.balance, other.balance, channel.isClosed, waiters.map(\.isBlocked))
            for waiter in waiters { try await waiter.join() }
            return after
        }
        #expect((outcome.0, outcome.1, outcome.2) == (0, 0, true))
        #expect(outcome.3 == Array(repeating: false, count: 5))
        #expect(log.all.sorted() == ["0 true", "1 true", "2 true", "3 true", "4 false"])
    }

    @Test(arguments: Configuration.all)
    func `Closing wakes waiting senders and drops their values, but not those in the buffer`(
        configuration: Configuration
    ) async throws {
        let alive = Counter()
        let told = Counter()
        let outcome = try await configuration.run {
            let channel = Channel<Tracked>(capacity: 1)
            let other = Channel<Tracked>()
            try await channel.send(Tracked(0, alive))
            let bodies: [@Sendable () async throws -> Void] = [
                { try await channel.send(Tracked(1, alive)) },
                { try await channel.send(Tracked(2, alive), until: .now + .seconds(3600)) },
                { try await channel.sendSynchronously(Tracked(3, alive)) },
                {
                    let (one, another) = (Tracked(4, alive), Tracked(5, alive))
                    try await Tasklet.select(channel.onSend(one) {}, other.onSend(another) {})
                },
                { try await channel.send(throwing: Failure("dropped")) },
            ]
            let waiters = bodies.map { body in
                Tasklet.spawn { if await schedulerError(body)?.code == .channelClosed { told.add() } }
            }
            while channel.balance < 5 { try await Tasklet.schedule() }
            channel.close()
            let levels = [channel.balance, other.balance, channel.bufferedCount]
            for waiter in waiters { try await waiter.join() }
            let left = alive.value
            return (levels, left, try await channel.receive().number, channel.isClosed)
        }
        #expect(told.value == 5)
        #expect(outcome.0 == [0, 0, 1])
        #expect((outcome.1, outcome.2, outcome.3) == (1, 0, true))
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.ordered)
    func `Waiters are woken in arrival order, and the closing tasklet continues`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>(capacity: 1)
            for n in 1...3 {
                Tasklet.spawn {
                    let code = await schedulerError { _ = try await channel.receive() }?.code
                    log.add("\(n) \(code == .channelClosed)")
                }
            }
            try await Tasklet.schedule()
            channel.close()
            log.add("closed")
            channel.close()
        }
        #expect(log.text == "closed 1 true 2 true 3 true")
    }

    @Test(arguments: Configuration.all)
    func `Iteration takes the buffered values, and ends when the channel is closed`(
        configuration: Configuration
    ) async throws {
        for capacity in [1, 3, 20] {
            let received = try await configuration.run {
                let channel = Channel<Int>(capacity: capacity)
                Tasklet.spawn {
                    try await channel.send(contentsOf: 0..<10)
                    channel.close()
                }
                var received: [Int] = []
                for try await n in channel { received.append(n) }
                for try await n in channel { received.append(n) }
                return received
            }
            #expect(received == Array(0..<10), "capacity \(capacity)")
        }
    }

    @Test(arguments: Configuration.all)
    func `Workers that iterate share the work, and all end when it is done`(configuration: Configuration) async throws {
        let sum = Counter()
        let ended = Counter()
        for round in 0..<50 {
            try await configuration.run {
                let work = Channel<Int>(capacity: 1 + round % 4)
                for _ in 0..<4 {
                    Tasklet.spawn {
                        for try await n in work { sum.add(n) }
                        ended.add()
                    }
                }
                try await work.send(contentsOf: 1...20)
                work.close()
            }
        }
        #expect(sum.value == 50 * 210)
        #expect(ended.value == 50 * 4)
    }

    @Test(arguments: Configuration.all)
    func `An error in the buffer ends an iteration, which may be resumed`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>(capacity: 4)
            try await channel.send(1)
            try await channel.send(throwing: Failure("in between"))
            try await channel.send(2)
            channel.close()
            let received = Box<[Int]>([])
            let error = await failure { for try await n in channel { received.update { $0.append(n) } } } as? Failure
            for try await n in channel { received.update { $0.append(n) } }
            return (error, received.value)
        }
        #expect(outcome.0 == Failure("in between"))
        #expect(outcome.1 == [1, 2])
    }
}
