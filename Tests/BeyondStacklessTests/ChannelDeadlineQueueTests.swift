// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Waiters with deadlines among others.
@Suite struct `Deadlines in a queue` {
    private static var past: ContinuousClock.Instant { .now - .seconds(1) }
    /// So far away that it never passes during a test.
    private static var far: ContinuousClock.Instant { .now + .seconds(3600) }

    @Test(arguments: Configuration.all)
    func `Waiters with and without a deadline wait in one queue`(configuration: Configuration) async throws {
        let log = Log()
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            for n in 1...6 {
                Tasklet.spawn {
                    let value =
                        n.isMultiple(of: 2) ? try await channel.receive() : try await channel.receive(until: Self.far)
                    log.add("\(n)=\(value ?? -1)")
                }
                while channel.balance > -n { try await Tasklet.schedule() }
            }
            for n in 1...6 { try await channel.send(n) }
            for n in 1...6 {
                Tasklet.spawn {
                    guard n.isMultiple(of: 2) else { return _ = try await channel.send(n, until: Self.far) }
                    try await channel.send(n)
                }
                while channel.balance < n { try await Tasklet.schedule() }
            }
            var values: [Int] = []
            for _ in 1...6 { values.append(try await channel.receive()) }
            return (values, channel.balance)
        }
        #expect(log.all.sorted() == (1...6).map { "\($0)=\($0)" })
        #expect(outcome.0 == [1, 2, 3, 4, 5, 6])
        #expect(outcome.1 == 0)
    }

    @Test(arguments: Configuration.all, [0, 1])
    func `A waiter that times out or is killed leaves the queue, and the others keep their places`(
        configuration: Configuration,
        capacity: Int
    ) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            let channel = Channel<Tracked>(capacity: capacity)
            if capacity > 0 { try await channel.send(Tracked(0, alive)) }
            let soon = ContinuousClock.now + .milliseconds(2)
            let deadlines = [Self.far, soon, nil, Self.far, soon, nil, Self.far]
            var senders: [Tasklet] = []
            for (index, deadline) in deadlines.enumerated() {
                let sender = Tasklet.spawn {
                    guard let deadline else { return try await channel.send(Tracked(index + 1, alive)) }
                    try await channel.send(Tracked(index + 1, alive), until: deadline)
                }
                senders.append(sender)
                // On a slow machine its deadline may have passed by now.
                while !sender.isBlocked, sender.isAlive { try await Tasklet.schedule() }
            }
            for index in [1, 4] { try await senders[index].join() }
            let waiting = channel.balance
            for index in [3, 5] {
                try await senders[index].kill()
                try await senders[index].join()
            }
            let stillWaiting = [channel.balance, alive.value]
            var numbers: [Int] = []
            while let object = try await channel.receive(until: Self.past) { numbers.append(object.number) }
            for sender in senders { try await sender.join() }
            return (waiting, stillWaiting, numbers, [channel.balance, alive.value])
        }
        #expect(outcome.0 == 5)
        #expect(outcome.1 == [3, 3 + capacity])
        #expect(outcome.2 == (capacity > 0 ? [0] : []) + [1, 3, 7])
        #expect(outcome.3 == [0, 0])
    }

    @Test(arguments: Configuration.all)
    func `A killed waiter throws where it waits, and its timer is off`(configuration: Configuration) async throws {
        let wrong = Log()
        let balances = try await configuration.run {
            let channel = Channel<Int>()
            let bodies: [@Sendable (ContinuousClock.Instant) async throws -> Void] = [
                { _ = try await channel.receive(until: $0) },
                { try await channel.send(1, until: $0) },
            ]
            var balances: [Int] = []
            for body in bodies {
                let soon = ContinuousClock.now + .milliseconds(3)
                let waiter = Tasklet.spawn {
                    // On a slow machine the deadline may pass first.
                    do { return try await body(soon) } catch is TaskletExit {}
                    for line in await nextWaits(passing: soon) { wrong.add(line) }
                }
                while channel.balance == 0, waiter.isAlive { try await Tasklet.schedule() }
                try await waiter.throw(TaskletExit(), pending: true)
                balances.append(channel.balance)
                try await waiter.join()
            }
            return balances
        }
        #expect(balances == [0, 0])
        #expect(wrong.all == [])
    }
}
