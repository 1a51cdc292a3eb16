// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Tasklets
import TestSupport
import Testing

/// A wake-up from another thread may arrive too late, when something else has woken its tasklet.
@Suite struct `Late wake-ups` {
    @Test(arguments: Configuration.ordered)
    func `A late wake-up of a killed tasklet does not disturb its next waits`(
        configuration: Configuration
    ) async throws {
        let wrong = try await configuration.run {
            let thread = ForeignThread()
            let wrong = Log()
            for round in 0..<50 {
                let number = OneShot<Int>()
                let waiter = Tasklet.spawn {
                    do { _ = try await number.value() } catch is TaskletExit {}
                    for line in await nextWaits(passing: .now) { wrong.add("round \(round): \(line)") }
                }
                while !waiter.isBlocked { try await Tasklet.schedule() }
                // The wake-up has been sent by now; a loop takes it at its next poll.
                thread.perform { number.fulfill(1) }
                try await waiter.kill()
                try await waiter.join()
            }
            return wrong.all
        }
        #expect(wrong == [])
    }

    @Test(arguments: Configuration.ordered)
    func `Two late wake-ups of one tasklet count as one`(configuration: Configuration) async throws {
        let wrong = try await configuration.run {
            let thread = ForeignThread()
            let wrong = Log()
            for round in 0..<50 {
                let numbers = [OneShot<Int>(), OneShot<Int>(), OneShot<Int>()]
                let waiter = Tasklet.spawn {
                    do { _ = try await numbers[0].value() } catch is TaskletExit {}
                    do { _ = try await numbers[1].value() } catch is TaskletExit {}
                    if try await numbers[2].value() != 3 { wrong.add("round \(round): got something else") }
                    for line in await nextWaits(passing: .now) { wrong.add("round \(round): \(line)") }
                }
                for number in numbers.prefix(2) {
                    while !waiter.isBlocked { try await Tasklet.schedule() }
                    thread.perform { number.fulfill(1) }
                    try await waiter.kill()
                }
                thread.start { numbers[2].fulfill(3) }
                try await waiter.join()
            }
            return wrong.all
        }
        #expect(wrong == [])
    }

    @Test(arguments: Configuration.all)
    func `A value that races with a kill arrives or not, and nothing is left behind`(
        configuration: Configuration
    ) async throws {
        let alive = Counter()
        let wrong = Log()
        try await configuration.run {
            let thread = ForeignThread()
            var random = SplitMix64(seed: 11)
            for round in 0..<(configuration.isThreadPerTasklet ? 500 : 2000) {
                let object = OneShot<Tracked>()
                let waiter = Tasklet.spawn {
                    do { _ = try await object.value() } catch is TaskletExit {}
                    if let line = try await Self.waitOnce(round, thread) { wrong.add("round \(round): \(line)") }
                }
                while !waiter.isBlocked { try await Tasklet.schedule() }
                let (theirs, mine) = (Int.random(in: 0..<200, using: &random), Int.random(in: 0..<400, using: &random))
                thread.start {
                    spin(theirs)
                    object.fulfill(Tracked(round, alive))
                }
                spin(mine)
                try await waiter.kill()
                try await waiter.join()
            }
        }
        #expect(wrong.all == [])
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `A value that races with a deadline arrives or not, and nothing is left behind`(
        configuration: Configuration
    ) async throws {
        let alive = Counter()
        let wrong = Log()
        try await configuration.run {
            let thread = ForeignThread()
            var random = SplitMix64(seed: 12)
            // Where about half of the values arrive in time, most races are close.
            var limit = 1000
            for round in 0..<2000 {
                let object = OneShot<Tracked>()
                let delay = Int.random(in: 0..<limit, using: &random)
                thread.start {
                    spin(delay)
                    object.fulfill(Tracked(round, alive))
                }
                let deadline = ContinuousClock.now + .microseconds(Int.random(in: 1..<60, using: &random))
                if let object = try await object.value(until: deadline) {
                    if object.number != round { wrong.add("round \(round): got \(object.number)") }
                    limit = min(limit + limit / 20, 100_000)
                } else {
                    if ContinuousClock.now < deadline { wrong.add("round \(round): early") }
                    limit = max(limit - limit / 20, 20)
                }
                if let line = try await Self.waitOnce(round, thread) { wrong.add("round \(round): \(line)") }
                if try await object.value().number != round { wrong.add("round \(round): another value") }
            }
        }
        #expect(wrong.all == [])
        #expect(try await comesTrue { alive.value == 0 })
    }

    /// Waits in a way that depends on the round, and returns what went wrong.
    private static func waitOnce(_ round: Int, _ thread: ForeignThread) async throws -> String? {
        switch round % 4 {
        case 0:
            let morning = ContinuousClock.now + .microseconds(20)
            try await Tasklet.sleep(until: morning)
            return ContinuousClock.now < morning ? "slept too little" : nil
        case 1:
            let channel = Channel<Int>()
            let me = Tasklet.current
            Tasklet.spawn {
                // If killed meanwhile, it will not receive any more.
                while me.isAlive, !(try await channel.send(round, until: .now + .microseconds(200))) {}
            }
            return try await channel.receive() == round ? nil : "received something else"
        case 2:
            let number = OneShot<Int>()
            thread.start { number.fulfill(round) }
            return try await number.value() == round ? nil : "got something else"
        default:
            let deadline = ContinuousClock.now + .microseconds(20)
            let value = try await OneShot<Int>().value(until: deadline)
            return value != nil || ContinuousClock.now < deadline ? "a deadline came early" : nil
        }
    }
}
