// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `One-shot values with a deadline` {
    @Test(arguments: Configuration.all)
    func `With a past instant no tasklet waits`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let number = OneShot<Int>()
            let before = Tasklet.scheduler.counters.total
            var values = [try await number.value(until: .now - .seconds(1))]
            // Neither trap concerns an operation that neither waits nor switches.
            Tasklet.current.blockTrap = true
            Tasklet.scheduler.switchTrap += 1
            values.append(try await number.value(until: .now - .seconds(1)))
            Tasklet.scheduler.switchTrap -= 1
            Tasklet.current.blockTrap = false
            return (values, Tasklet.scheduler.counters.total - before)
        }
        #expect(outcome.0 == [nil, nil])
        #expect(outcome.1 == 0)
    }

    @Test(arguments: Configuration.all)
    func `A deadline ends only its own tasklet's wait`(configuration: Configuration) async throws {
        let isEarly = Box(false)
        let values = try await configuration.run {
            let number = OneShot<Int>()
            let patient = Channel<Int?>()
            Tasklet.spawn { try await patient.send(number.value()) }
            Tasklet.spawn { try await patient.send(number.value(until: .now + .seconds(3600))) }
            let deadline = ContinuousClock.now + .milliseconds(1)
            var values = [try await number.value(until: deadline)]
            isEarly.value = ContinuousClock.now < deadline
            number.fulfill(2)
            values.append(try await number.value(until: deadline))
            for _ in 0..<2 { values.append(try await patient.receive()) }
            return values
        }
        #expect(values == [nil, 2, 2, 2])
        #expect(!isEarly.value)
    }

    @Test(arguments: Configuration.all)
    func `A value that arrives before the deadline turns the timer off`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let number = OneShot<Int>()
            Tasklet.spawn { number.fulfill(4) }
            let deadline = ContinuousClock.now + .milliseconds(2)
            let value = try await number.value(until: deadline)
            let morning = deadline + .milliseconds(2)
            try await Tasklet.sleep(until: morning)
            return (value, ContinuousClock.now >= morning, await nextWaits(passing: .now))
        }
        // On a slow machine the deadline may have passed first.
        #expect(outcome.0 == nil || outcome.0 == 4)
        #expect(outcome.1)
        #expect(outcome.2 == [])
    }

    @Test(arguments: Configuration.all)
    func `Hundreds wait with deadlines, and one value wakes them all`(configuration: Configuration) async throws {
        let count = configuration.isThreadPerTasklet ? 100 : 1000
        let sum = Counter()
        try await configuration.run {
            let number = OneShot<Int>()
            let waiters = (0..<count).map { n in
                // In no particular order.
                let deadline = ContinuousClock.now + .seconds(1000 + n * 7919 % 1000)
                return Tasklet.spawn { sum.add(try await number.value(until: deadline) ?? 0) }
            }
            while !waiters.allSatisfy(\.isBlocked) { try await Tasklet.schedule() }
            number.fulfill(1)
        }
        #expect(sum.value == count)
    }
}
