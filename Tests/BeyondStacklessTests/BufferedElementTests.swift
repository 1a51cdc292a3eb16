// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Elements of any size and kind wait in a buffer, and none is lost, copied or leaked.
@Suite struct `Elements in a buffer` {
    @Test(arguments: Configuration.all)
    func `Small, large, empty and optional values arrive unchanged`(
        configuration: Configuration
    ) async throws {
        try await expectToArrive(UInt8(7), configuration)
        try await expectToArrive("a string that is too long to be stored inline", configuration)
        try await expectToArrive(LargeElement(), configuration)
        try await expectToArrive(Int?.none, configuration)
        try await expectToArrive(LargeElement?(LargeElement()), configuration)
        try await expectToArrive(Result<Int, Failure>.failure(Failure("a value")), configuration)
    }

    /// Sends a value through the buffer, from behind the buffer, and past it.
    private func expectToArrive<T: Equatable & Sendable>(_ value: T, _ configuration: Configuration) async throws {
        let arrived = try await configuration.run {
            let channel = Channel<T>(capacity: 1)
            for _ in 0..<2 { Tasklet.spawn { try await channel.send(value) } }
            while channel.balance == 0 { try await Tasklet.schedule() }
            let arrived = [try await channel.receive(), try await channel.receive()]
            let last = Box<T?>(nil)
            let receiver = Tasklet.spawn { last.value = try await channel.receive() }
            while channel.balance == 0 { try await Tasklet.schedule() }
            try await channel.send(value)
            try await receiver.join()
            return arrived + [last.value]
        }
        #expect(arrived == [value, value, value])
    }

    @Test(arguments: Configuration.all)
    func `Values of size zero can wait in a buffer`(configuration: Configuration) async throws {
        let count = try await configuration.run {
            let signals = Channel<Void>(capacity: 1000)
            for _ in 0..<1000 { try await signals.send(()) }
            var count = 0
            while signals.bufferedCount > 0 {
                try await signals.receive()
                count += 1
            }
            return count
        }
        #expect(count == 1000)
    }

    @Test(arguments: Configuration.all)
    func `Objects live as long as a tasklet or the buffer holds them`(configuration: Configuration) async throws {
        let alive = Counter()
        let counts = try await configuration.run { () -> [Int] in
            let objects = Channel<Tracked>(capacity: 3)
            let bulky = Channel<BulkyElement>(capacity: 3)
            var counts: [Int] = []
            for n in 0..<3 {
                try await objects.send(Tracked(n, alive))
                try await bulky.send(BulkyElement(object: Tracked(n, alive)))
                counts.append(alive.value)
            }
            for n in 0..<3 {
                guard try await objects.receive().number == n else { return [] }
                guard try await bulky.receive().object.number == n else { return [] }
                counts.append(alive.value)
            }
            return counts
        }
        #expect(counts == [2, 4, 6, 4, 2, 0])
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `Values left in a buffer are released with the channel`(configuration: Configuration) async throws {
        struct Carrier: Error { var object: Tracked }
        let alive = Counter()
        let counts = try await configuration.run {
            var counts: [Int] = []
            for offset in 0..<4 {
                let objects = Channel<Tracked>(capacity: 4)
                let bulky = Channel<BulkyElement>(capacity: 4)
                // So that the remaining values begin anywhere in the buffer, and wrap around.
                for n in 0..<offset {
                    try await objects.send(Tracked(n, alive))
                    _ = try await objects.receive()
                }
                for n in 0..<3 { try await objects.send(Tracked(n, alive)) }
                try await objects.send(throwing: Carrier(object: Tracked(3, alive)))
                try await bulky.send(BulkyElement(object: Tracked(4, alive)))
                counts.append(alive.value)
            }
            return counts + [alive.value]
        }
        #expect(counts == [5, 5, 5, 5, 0])
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `The value of a sender killed behind the buffer is dropped, those in the buffer are not`(
        configuration: Configuration
    ) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            let channel = Channel<BulkyElement>(capacity: 1)
            var senders: [Tasklet] = []
            for n in 1...4 {
                senders.append(Tasklet.spawn { try await channel.send(BulkyElement(object: Tracked(n, alive))) })
                while channel.bufferedCount + channel.balance < n { try await Tasklet.schedule() }
            }
            try await senders[2].kill()
            try await senders[2].join()
            let after = (alive.value, channel.bufferedCount, channel.balance, senders.map(\.isAlive))
            var numbers: [Int] = []
            for _ in 0..<3 { numbers.append(try await channel.receive().object.number) }
            // The senders hold their values until they continue.
            for sender in senders { try await sender.join() }
            return (after, numbers, alive.value, channel.balance)
        }
        #expect(outcome.0.0 == 3)
        #expect((outcome.0.1, outcome.0.2) == (1, 2))
        #expect(outcome.0.3.dropFirst() == [true, false, true])
        #expect(outcome.1 == [1, 2, 4])
        #expect((outcome.2, outcome.3) == (0, 0))
    }

    @Test(arguments: Configuration.all)
    func `A killed receiver leaves the queue, and the others keep their places`(configuration: Configuration)
        async throws
    {
        let log = Log()
        let balances = try await configuration.run {
            let channel = Channel<Int>(capacity: 2)
            var receivers: [Tasklet] = []
            for n in 1...3 {
                receivers.append(Tasklet.spawn { log.add("\(n)=\(try await channel.receive())") })
                while channel.balance > -n { try await Tasklet.schedule() }
            }
            try await receivers[0].kill()
            try await receivers[0].join()
            var balances = [channel.balance]
            for n in 1...3 {
                try await channel.send(n)
                balances.append(channel.balance)
            }
            return balances + [channel.bufferedCount]
        }
        #expect(balances == [-2, -1, 0, 0, 1])
        #expect(log.all.sorted() == ["2=1", "3=2"])
    }

    // MARK: In synchronous code

    @Test(arguments: Configuration.waitingSynchronously)
    func `Synchronous code fills and drains a buffer, and waits where it must`(
        configuration: Configuration
    ) async throws {
        for capacity in [1, 3, 100] {
            let outcome = try await configuration.run {
                let channel = Channel<Int>(capacity: capacity)
                Tasklet.spawn { try (0..<100).forEach { try channel.send($0) } }
                let received = try (0..<100).map { _ in try channel.receive() }
                return (received, channel.bufferedCount, channel.balance)
            }
            #expect(outcome.0 == Array(0..<100), "capacity \(capacity)")
            #expect((outcome.1, outcome.2) == (0, 0), "capacity \(capacity)")
        }
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `Synchronous code does not switch for what the buffer takes or gives`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<LargeElement>(capacity: 10)
            let before = Tasklet.scheduler.counters.total
            try (0..<10).forEach { _ in try channel.send(LargeElement()) }
            let values = try (0..<10).map { _ in try channel.receive() }
            return (values, Tasklet.scheduler.counters.total - before)
        }
        #expect(outcome.0 == Array(repeating: LargeElement(), count: 10))
        #expect(outcome.1 == 0)
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `Synchronous senders wait in the same queue as others, behind a full buffer`(
        configuration: Configuration
    ) async throws {
        let values = try await configuration.run {
            let channel = Channel<Int>(capacity: 1)
            for n in 1...5 {
                Tasklet.spawn {
                    guard n.isMultiple(of: 2) else { return try [n].forEach { try channel.send($0) } }
                    try await channel.send(n)
                }
                while channel.bufferedCount + channel.balance < n { try await Tasklet.schedule() }
            }
            var values: [Int] = []
            for _ in 1...5 { values.append(try await channel.receive()) }
            return values
        }
        #expect(values == [1, 2, 3, 4, 5])
    }
}
