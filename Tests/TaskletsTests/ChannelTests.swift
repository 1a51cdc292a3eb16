// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Channels` {
    @Test(arguments: Configuration.all)
    func `The balance counts senders above zero and receivers below`(configuration: Configuration) async throws {
        let balances = try await configuration.run {
            let channel = Channel<Int>()
            var balances = [channel.balance]
            for expected in 1...3 {
                Tasklet.spawn { try await channel.send(expected) }
                while channel.balance != expected { try await Tasklet.schedule() }
                balances.append(channel.balance)
            }
            for _ in 1...3 {
                _ = try await channel.receive()
                balances.append(channel.balance)
            }
            for expected in 1...3 {
                Tasklet.spawn { _ = try await channel.receive() }
                while channel.balance != -expected { try await Tasklet.schedule() }
                balances.append(channel.balance)
            }
            for _ in 1...3 {
                try await channel.send(0)
                balances.append(channel.balance)
            }
            return balances
        }
        #expect(balances == [0, 1, 2, 3, 2, 1, 0, -1, -2, -3, -2, -1, 0])
    }

    @Test(arguments: Configuration.all)
    func `The first blocked tasklet is the one that has waited longest`(configuration: Configuration) async throws {
        let firsts = try await configuration.run {
            let channel = Channel<Int>()
            var firsts = [channel.firstBlocked]
            let first = Tasklet.spawn("first") { try await channel.send(1) }
            while channel.balance < 1 { try await Tasklet.schedule() }
            firsts.append(channel.firstBlocked)
            Tasklet.spawn("second") { try await channel.send(2) }
            while channel.balance < 2 { try await Tasklet.schedule() }
            firsts.append(channel.firstBlocked)
            let isBlocked = (first.isBlocked, first.isRunnable, first.isAlive)
            let values = [try await channel.receive(), try await channel.receive()]
            return (firsts.map { $0?.name }, isBlocked, values)
        }
        #expect(firsts.0 == [nil, "first", "first"])
        #expect(firsts.1 == (true, false, true))
        #expect(firsts.2 == [1, 2])
    }

    @Test(arguments: Configuration.all)
    func `Every message arrives once, whichever tasklets send and receive`(configuration: Configuration) async throws {
        let received = try await configuration.run {
            let channel = Channel<Int>()
            let results = Channel<Int>()
            for sender in 0..<4 { Tasklet.spawn { for n in 0..<100 { try await channel.send(sender * 100 + n) } } }
            for _ in 0..<5 { Tasklet.spawn { for _ in 0..<80 { try await results.send(channel.receive()) } } }
            var received: [Int] = []
            for _ in 0..<400 { received.append(try await results.receive()) }
            return received
        }
        #expect(received.sorted() == Array(0..<400))
    }

    @Test(arguments: Configuration.all)
    func `Messages of one sender to one receiver stay in order`(configuration: Configuration) async throws {
        for preference in [Preference.receiver, .none, .sender] {
            let received = try await configuration.run {
                let channel = Channel<Int>()
                channel.preference = preference
                Tasklet.spawn { for n in 0..<500 { try await channel.send(n) } }
                var received: [Int] = []
                for _ in 0..<500 { received.append(try await channel.receive()) }
                return received
            }
            #expect(received == Array(0..<500), "preference \(preference)")
        }
    }

    @Test(arguments: Configuration.all)
    func `Preference and schedulesAll keep the values that were set`(configuration: Configuration) async throws {
        let settings = try await configuration.run {
            let channel = Channel<Int>()
            var settings = [channel.preference]
            for preference in [Preference.sender, .none, .receiver] {
                channel.preference = preference
                settings.append(channel.preference)
            }
            let before = channel.schedulesAll
            channel.schedulesAll = true
            return (settings, before, channel.schedulesAll)
        }
        #expect(settings.0 == [.receiver, .sender, .none, .receiver])
        #expect(settings.1 == false)
        #expect(settings.2 == true)
    }

    @Test(arguments: Configuration.all)
    func `A sent error is thrown by the receiver, and is the same object`(
        configuration: Configuration
    ) async throws {
        final class Cause: Error {}
        let cause = Cause()
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let sender = Tasklet.spawn {
                try await channel.send(throwing: cause)
                try await channel.send(throwing: Failure("1, 2, 3"))
                try await channel.send(4)
            }
            while channel.balance == 0 { try await Tasklet.schedule() }
            let first = await failure { _ = try await channel.receive() }
            let isAlive = sender.isAlive
            let second = await failure { _ = try await channel.receive() }
            let third = try await channel.receive()
            try await sender.join()
            return (first as? Cause === cause, isAlive, second as? Failure, third)
        }
        #expect(outcome == (true, true, Failure("1, 2, 3"), 4))
    }

    @Test(arguments: Configuration.all)
    func `An error is handed to a waiting receiver`(configuration: Configuration) async throws {
        let caught = Box<Failure?>(nil)
        try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn { caught.value = await failure { _ = try await channel.receive() } as? Failure }
            while channel.balance == 0 { try await Tasklet.schedule() }
            try await channel.send(throwing: Failure("sent"))
        }
        #expect(caught.value == Failure("sent"))
    }

    @Test(arguments: Configuration.all)
    func `A sequence is sent element by element and counted`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let count = Box(0)
            let sender = Tasklet.spawn {
                count.value = try await channel.send(contentsOf: (0..<10).lazy.map { $0 * $0 })
            }
            var received: [Int] = []
            for _ in 0..<10 { received.append(try await channel.receive()) }
            try await sender.join()
            return (received, count.value, try await channel.send(contentsOf: []))
        }
        #expect(outcome == ((0..<10).map { $0 * $0 }, 10, 0))
    }

    @Test(arguments: Configuration.all)
    func `A forwarded channel's receiver gets the value`(configuration: Configuration) async throws {
        let answer = try await configuration.run {
            let requests = Channel<(Int, Channel<Int>)>()
            Tasklet.spawn {
                for _ in 0..<10 {
                    let (number, reply) = try await requests.receive()
                    try await reply.send(number * 2)
                }
            }
            var sum = 0
            for n in 0..<10 {
                let reply = Channel<Int>()
                try await requests.send((n, reply))
                sum += try await reply.receive()
            }
            return sum
        }
        #expect(answer == 90)
    }
}
