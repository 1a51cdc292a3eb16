// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets
import TestSupport
import Testing

/// Partners that arrive at about the time of the deadline.
@Suite struct `Deadlines that race with partners` {
    @Test(arguments: Configuration.all, [0, 2])
    func `A sent value is received once, and an unsent one is dropped`(
        configuration: Configuration,
        capacity: Int
    ) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            let channel = Channel<Tracked>(capacity: capacity)
            let (sent, received, early) = (Counter(), Counter(), Counter())
            let tasklets = (0..<4).map { index in
                Tasklet.spawn {
                    var random = SplitMix64(seed: UInt64(index))
                    for round in 0..<250 {
                        let deadline = ContinuousClock.now + .microseconds(Int.random(in: 0..<80, using: &random))
                        if index.isMultiple(of: 2) {
                            if try await channel.send(Tracked(round, alive), until: deadline) {
                                sent.add()
                            } else if ContinuousClock.now < deadline {
                                early.add()
                            }
                        } else if try await channel.receive(until: deadline) != nil {
                            received.add()
                        } else if ContinuousClock.now < deadline {
                            early.add()
                        }
                        if Bool.random(using: &random) { try await Tasklet.sleep(for: .microseconds(10)) }
                    }
                }
            }
            for tasklet in tasklets { try await tasklet.join() }
            return [sent.value - received.value - channel.bufferedCount, early.value, channel.balance]
        }
        #expect(outcome == [0, 0, 0])
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `Partners that wait in synchronous code, or without a deadline, lose nothing`(
        configuration: Configuration
    ) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            let channel = Channel<BulkyElement>()
            let (sent, received) = (Box<[Int]>([]), Box<[Int]>([]))
            let receivers = (0..<2).map { index in
                Tasklet.spawn {
                    for _ in 0..<100 {
                        let parcel =
                            index == 0 ? try await channel.receive() : try await channel.receiveSynchronously()
                        received.update { $0.append(parcel.object.number) }
                    }
                }
            }
            var random = SplitMix64(seed: 3)
            var number = 0
            while sent.value.count < 200 {
                number += 1
                let parcel = BulkyElement(object: Tracked(number, alive))
                let deadline = ContinuousClock.now + .microseconds(Int.random(in: 0..<20, using: &random))
                if try await channel.send(parcel, until: deadline) { sent.update { [number] in $0.append(number) } }
            }
            for receiver in receivers { try await receiver.join() }
            return (sent.value, received.value.sorted(), channel.balance)
        }
        #expect(outcome.0 == outcome.1)
        #expect(outcome.2 == 0)
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `A kill that races with a deadline and a partner leaves nothing behind`(
        configuration: Configuration
    ) async throws {
        let alive = Counter()
        let wrong = Log()
        try await configuration.run {
            var random = SplitMix64(seed: 4)
            for round in 0..<(configuration.isThreadPerTasklet ? 200 : 600) {
                let channel = Channel<Tracked>(capacity: round % 2)
                let soon = ContinuousClock.now + .microseconds(Int.random(in: 0..<60, using: &random))
                let victim = Tasklet.spawn {
                    do {
                        switch round % 3 {
                        case 0: _ = try await channel.receive(until: soon)
                        case 1: _ = try await Tasklet.select(channel.onReceive { _ in }, until: soon)
                        default:
                            for n in 0...1 { try await channel.send(Tracked(n, alive), until: soon) }
                        }
                    } catch is TaskletExit {}
                    // One kill only: anything else that ends this wait early is left over from the previous round.
                    let morning = ContinuousClock.now + .microseconds(30)
                    try await Tasklet.sleep(until: morning)
                    if ContinuousClock.now < morning { wrong.add("round \(round): slept too little") }
                }
                let partner = Tasklet.spawn {
                    guard round % 3 == 2 else { return _ = try await channel.send(Tracked(2, alive), until: soon) }
                    _ = try await channel.receive(until: soon)
                }
                if Bool.random(using: &random) { try await Tasklet.schedule() }
                spin(Int.random(in: 0..<1000, using: &random))
                try await victim.kill()
                try await victim.join()
                try await partner.join()
                if channel.balance != 0 { wrong.add("round \(round): balance \(channel.balance)") }
                let special = channel.state.pointee.specialWaiters
                if special != 0 { wrong.add("round \(round): \(special) special waiters") }
            }
        }
        #expect(wrong.all == [])
        #expect(try await comesTrue { alive.value == 0 })
    }
}
