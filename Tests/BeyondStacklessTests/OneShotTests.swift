// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `One-shot values` {
    @Test(arguments: Configuration.all)
    func `A value that is there is returned at once, every time`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let number = OneShot<Int>()
            number.fulfill(7)
            let before = Tasklet.scheduler.counters.total
            var values: [Int?] = []
            for _ in 0..<3 { values.append(try await number.value()) }
            values.append(try await number.value(until: .now - .seconds(1)))
            return (values, Tasklet.scheduler.counters.total - before)
        }
        #expect(outcome.0 == [7, 7, 7, 7])
        #expect(outcome.1 == 0)
    }

    @Test(arguments: Configuration.ordered)
    func `Waiters become runnable in arrival order, and the fulfilling tasklet does not give way`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        let switches = try await configuration.run {
            let number = OneShot<Int>()
            for n in 0..<4 { Tasklet.spawn { log.add("\(n)=\(try await number.value())") } }
            try await Tasklet.schedule()
            Tasklet.spawn { log.add("spawned before") }
            let before = Tasklet.scheduler.counters.total
            number.fulfill(7)
            let switches = Tasklet.scheduler.counters.total - before
            log.add("main")
            Tasklet.spawn { log.add("spawned after") }
            return switches
        }
        #expect(log.text == "main spawned before 0=7 1=7 2=7 3=7 spawned after")
        #expect(switches == 0)
    }

    @Test(arguments: Configuration.all)
    func `A waiter is blocked, and runnable once the value has arrived`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let number = OneShot<Int>()
            let received = Counter()
            let waiters = (0..<3).map { _ in Tasklet.spawn { received.add(try await number.value()) } }
            while !waiters.allSatisfy(\.isBlocked) { try await Tasklet.schedule() }
            let during = (waiters.map(\.isRunnable), Tasklet.scheduler.blockedTasklets.map(\.waitsFor))
            let codes = [
                await schedulerError { try waiters[0].insert() }?.code,
                await schedulerError { try waiters[1].remove() }?.code,
                await schedulerError { try await waiters[2].run() }?.code,
            ]
            number.fulfill(5)
            let after = waiters.map(\.isBlocked)
            for waiter in waiters { try await waiter.join() }
            return (during, after, received.value, codes)
        }
        #expect(outcome.0.0 == [false, false, false])
        #expect(outcome.0.1 == ["a one-shot value", "a one-shot value", "a one-shot value"])
        #expect(outcome.1 == [false, false, false])
        #expect(outcome.2 == 15)
        #expect(outcome.3 == [.blockedTasklet, .blockedTasklet, .blockedTasklet])
    }

    @Test(arguments: Configuration.all)
    func `Later results are ignored`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let number = OneShot<Int>()
            number.fulfill(1)
            number.fulfill(2)
            number.fail(Failure("late"))
            let failed = OneShot<Int>()
            failed.fail(Failure("first"))
            failed.fail(Failure("second"))
            failed.fulfill(3)
            return (try await number.value(), await failure { _ = try await failed.value() } as? Failure)
        }
        #expect(outcome == (1, Failure("first")))
    }

    @Test(arguments: Configuration.all)
    func `An error is thrown by all waiters, and by all that ask later`(configuration: Configuration) async throws {
        final class Cause: Error {}
        let cause = Cause()
        let same = Counter()
        try await configuration.run {
            let number = OneShot<Int>()
            let waiters = (0..<3).map { _ in
                Tasklet.spawn {
                    if await failure(of: { _ = try await number.value() }) as? Cause === cause { same.add() }
                }
            }
            while !waiters.allSatisfy(\.isBlocked) { try await Tasklet.schedule() }
            number.fail(cause)
            for waiter in waiters { try await waiter.join() }
            if await failure(of: { _ = try await number.value(until: .now) }) as? Cause === cause { same.add() }
        }
        #expect(same.value == 4)
    }

    @Test(arguments: Configuration.all)
    func `Values of any size and kind arrive unchanged`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let large = OneShot<LargeElement>()
            let nothing = OneShot<Void>()
            let absent = OneShot<Int?>()
            Tasklet.spawn {
                large.fulfill(LargeElement())
                absent.fulfill(nil)
                nothing.fulfill(())
            }
            try await nothing.value()
            return [
                try await large.value() == LargeElement(),
                try await absent.value(until: .now) == .some(nil),
            ]
        }
        #expect(outcome == [true, true])
    }

    @Test(arguments: Configuration.all)
    func `A value lives as long as its one-shot, and no longer`(configuration: Configuration) async throws {
        let alive = Counter()
        let counts = try await configuration.run {
            var counts: [Int] = []
            do {
                let object = OneShot<Tracked>()
                let bulky = OneShot<BulkyElement>()
                let unclaimed = OneShot<Tracked>()
                Tasklet.spawn { object.fulfill(Tracked(1, alive)) }
                Tasklet.spawn { bulky.fulfill(BulkyElement(object: Tracked(2, alive))) }
                unclaimed.fulfill(Tracked(3, alive))
                // Ignored, and dropped.
                unclaimed.fulfill(Tracked(4, alive))
                counts.append(try await object.value().number)
                counts.append(try await bulky.value().object.number)
                counts.append(alive.value)
            }
            // The tasklets whose closures captured the one-shots end here, if they have not yet.
            try await Tasklet.runAll()
            return counts + [alive.value]
        }
        #expect(counts == [1, 2, 3, 0])
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `Child tasks and other tasks may fulfil it`(configuration: Configuration) async throws {
        let sum = try await configuration.run {
            let numbers = (0..<4).map { _ in OneShot<Int>() }
            let waiters = Channel<Int>()
            for number in numbers { Tasklet.spawn { try await waiters.send(number.value()) } }
            await withTaskGroup { group in group.addTask { numbers[0].fulfill(1) } }
            async let child: Void = numbers[1].fulfill(2)
            await child
            Task { numbers[2].fulfill(3) }
            Task.detached { numbers[3].fulfill(4) }
            var sum = 0
            for _ in numbers { sum += try await waiters.receive() }
            return sum
        }
        #expect(sum == 10)
    }

    actor Desk {
        func wait(for number: OneShot<Int>) async throws -> Int { try await number.value() }
        func wait(for number: OneShot<Int>, until deadline: ContinuousClock.Instant) async throws -> Int? {
            try await number.value(until: deadline)
        }
        func fulfill(_ number: OneShot<Int>, _ value: Int) { number.fulfill(value) }
    }

    @Test(arguments: Configuration.all)
    func `An actor is free while a tasklet waits inside it`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let desk = Desk()
            let number = OneShot<Int>()
            let results = Channel<Int?>()
            for _ in 0..<3 { Tasklet.spawn { try await results.send(desk.wait(for: number)) } }
            Tasklet.spawn { try await results.send(desk.wait(for: number, until: .now + .seconds(3600))) }
            let late = try await desk.wait(for: OneShot(), until: .now + .milliseconds(1))
            await desk.fulfill(number, 3)
            var values: [Int?] = []
            for _ in 0..<4 { values.append(try await results.receive()) }
            return (values, late)
        }
        #expect(outcome.0 == [3, 3, 3, 3])
        #expect(outcome.1 == nil)
    }
}
