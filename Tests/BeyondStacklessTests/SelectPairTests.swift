// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Selects that meet selects, and channels that a select names more than once.
@Suite struct `Selects that meet each other` {
    private static var past: ContinuousClock.Instant { .now - .seconds(1) }

    @Test(arguments: Configuration.all)
    func `One that sends and one that receives are partners`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let (one, other, silent) = (Channel<Int>(), Channel<Int>(), Channel<Int>())
            let results = Channel<Int>()
            for n in 0..<50 {
                Tasklet.spawn {
                    try await results.send(Tasklet.select(one.onReceive(), other.onReceive(), silent.onReceive()))
                }
                Tasklet.spawn { try await Tasklet.select(other.onSend(n) {}, one.onSend(n) {}) }
            }
            var values: [Int] = []
            for _ in 0..<50 { values.append(try await results.receive()) }
            return (values.sorted(), [one.balance, other.balance, silent.balance])
        }
        #expect(outcome.0 == Array(0..<50))
        #expect(outcome.1 == [0, 0, 0])
    }

    @Test(arguments: Configuration.all)
    func `Of two that both send and receive on one channel, one sends and the other receives`(
        configuration: Configuration
    ) async throws {
        let rounds = configuration.isThreadPerTasklet ? 100 : 300
        let wrong = try await configuration.run {
            let channel = Channel<Int>()
            let results = Channel<Int?>()
            var wrong: [String] = []
            for round in 0..<rounds {
                for n in 1...2 {
                    Tasklet.spawn {
                        // Nil means that the select has sent.
                        try await results.send(
                            Tasklet.select(channel.onSend(n) { nil }, channel.onReceive { $0 - n })
                        )
                    }
                }
                let pair = [try await results.receive(), try await results.receive()]
                // The one that receives gets what the other sends, and not its own value.
                if pair.compactMap({ $0 }).count != 1 || pair.contains(0) { wrong.append("round \(round): \(pair)") }
                if channel.balance != 0 { wrong.append("round \(round): balance \(channel.balance)") }
            }
            return wrong
        }
        #expect(wrong == [])
    }

    @Test(arguments: Configuration.all)
    func `Many that both send and receive on two channels find each other`(configuration: Configuration) async throws {
        let count = 60
        let outcome = try await configuration.run {
            let (one, other) = (Channel<Int>(), Channel<LargeElement>())
            let (sent, received) = (Counter(), Counter())
            let tasklets = (0..<count).map { n in
                Tasklet.spawn {
                    try await Tasklet.select(
                        one.onSend(n) { sent.add() },
                        other.onReceive { _ in received.add() },
                        other.onSend(LargeElement()) { sent.add() },
                        one.onReceive { _ in received.add() }
                    )
                }
            }
            for tasklet in tasklets { try await tasklet.join() }
            return [sent.value, received.value, one.balance, other.balance]
        }
        #expect(outcome == [count / 2, count / 2, 0, 0])
    }

    @Test(arguments: Configuration.all)
    func `A select is no partner for itself`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>("own")
            let past = try await Tasklet.select(channel.onSend(1) { 0 }, channel.onReceive(), until: Self.past)
            let soon = try await Tasklet.select(
                channel.onReceive(),
                channel.onSend(1) { 0 },
                until: .now + .milliseconds(1)
            )
            let alone = await schedulerError {
                _ = try await Tasklet.select(channel.onSend(1) { 0 }, channel.onReceive())
            }
            return (past, soon, alone, channel.balance)
        }
        #expect((outcome.0, outcome.1, outcome.3) == (nil, nil, 0))
        #expect(outcome.2?.code == .deadlock)
        #expect(outcome.2?.blocked.map(\.waitsFor) == ["a receiver on channel 'own', or a sender on channel 'own'"])
    }

    @Test(arguments: Configuration.all)
    func `Of two cases of one kind on one channel, one happens`(configuration: Configuration) async throws {
        let alive = Counter()
        let ran = Counter()
        let outcome = try await configuration.run {
            let channel = Channel<Tracked>()
            let values = Box<[Int]>([])
            for _ in 0..<20 {
                let receiver = Tasklet.spawn {
                    try await Tasklet.select(channel.onReceive { _ in ran.add() }, channel.onReceive { _ in ran.add() })
                }
                while !receiver.isBlocked { try await Tasklet.schedule() }
                try await channel.send(Tracked(0, alive))
                try await receiver.join()
                let sender = Tasklet.spawn {
                    let (one, other) = (Tracked(1, alive), Tracked(2, alive))
                    try await Tasklet.select(channel.onSend(one) { ran.add() }, channel.onSend(other) { ran.add() })
                }
                while !sender.isBlocked { try await Tasklet.schedule() }
                let number = try await channel.receive().number
                values.update { $0.append(number) }
                try await sender.join()
            }
            return (values.value, channel.balance, alive.value)
        }
        #expect(ran.value == 40)
        #expect(outcome.0.allSatisfy { $0 == 1 || $0 == 2 })
        #expect((outcome.1, outcome.2) == (0, 0))
    }

    @Test(arguments: Configuration.all)
    func `Exactly one case happens, however many partners arrive`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channels = (0..<4).map { _ in Channel<Int>() }
            let ran = Counter()
            let selector = Tasklet.spawn {
                _ = try await Tasklet.select(channels.map { $0.onReceive { _ in ran.add() } }, until: nil)
            }
            while !selector.isBlocked { try await Tasklet.schedule() }
            let senders = channels.map { channel in Tasklet.spawn { try await channel.send(1) } }
            try await selector.join()
            while senders.count(where: \.isBlocked) < 3 { try await Tasklet.schedule() }
            let waiting = channels.map(\.balance).sorted()
            for channel in channels where channel.balance > 0 { _ = try await channel.receive() }
            for sender in senders { try await sender.join() }
            return (waiting, ran.value)
        }
        #expect(outcome.0 == [0, 1, 1, 1])
        #expect(outcome.1 == 1)
    }

    @Test(arguments: Configuration.all)
    func `A sender behind a full buffer may be a select, and is released when there is room`(
        configuration: Configuration
    ) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            let (buffer, full) = (Channel<Tracked>(capacity: 1), Channel<Tracked>(capacity: 1))
            try await buffer.send(Tracked(0, alive))
            try await full.send(Tracked(0, alive))
            let results = Channel<Int>()
            for n in 1...3 {
                Tasklet.spawn {
                    let (one, other) = (Tracked(n, alive), Tracked(-n, alive))
                    try await results.send(Tasklet.select(full.onSend(other) { -n }, buffer.onSend(one) { n }))
                }
                while buffer.balance < n { try await Tasklet.schedule() }
            }
            var numbers: [Int] = []
            var balances: [Int] = []
            for _ in 0..<3 {
                numbers.append(try await buffer.receive().number)
                balances += [buffer.balance, full.balance, buffer.bufferedCount]
                numbers.append(try await results.receive())
            }
            return (numbers, balances, [full.bufferedCount, try await full.receive().number])
        }
        #expect(outcome.0 == [0, 1, 1, 2, 2, 3])
        #expect(outcome.1 == [2, 2, 1, 1, 1, 1, 0, 0, 1])
        #expect(outcome.2 == [1, 0])
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `A select that both sends and receives keeps a closing rendezvous from being closed`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let selector = Tasklet.spawn { _ = try await Tasklet.select(channel.onSend(5) { 0 }, channel.onReceive()) }
            while !selector.isBlocked { try await Tasklet.schedule() }
            channel.close()
            let before = (channel.isClosing, channel.isClosed)
            var received: [Int] = []
            for try await n in channel { received.append(n) }
            try await selector.join()
            return (before, received, channel.isClosed)
        }
        #expect(outcome.0 == (true, false))
        #expect(outcome.1 == [5])
        #expect(outcome.2)
    }

    @Test(arguments: Configuration.all)
    func `A select may have hundreds of cases`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channels = (0..<300).map { _ in Channel<Int>() }
            let results = Channel<Int>()
            for round in 0..<10 {
                Tasklet.spawn {
                    try await results.send(Tasklet.select(channels.map { $0.onReceive() }, until: nil) ?? -1)
                }
                while channels[0].balance == 0 { try await Tasklet.schedule() }
                try await channels[round * 29].send(round)
                guard try await results.receive() == round else { return false }
            }
            return channels.allSatisfy { $0.balance == 0 }
        }
        #expect(outcome)
    }
}
