// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Traps, callbacks and kills.
@Suite struct `One-shot values under traps, callbacks and kills` {
    @Test(arguments: Configuration.all)
    func `A schedule callback may fulfil what the leaving tasklet is about to wait for`(
        configuration: Configuration
    ) async throws {
        let values = try await configuration.run {
            var values: [Int?] = []
            for round in 0..<20 {
                let number = OneShot<Int>()
                Tasklet.scheduler.scheduleCallback = { _, _ in number.fulfill(round) }
                values.append(
                    round.isMultiple(of: 2)
                        ? try await number.value() : try await number.value(until: .now + .seconds(3600))
                )
                Tasklet.scheduler.scheduleCallback = nil
                try await Tasklet.sleep(for: .microseconds(1))
            }
            return values
        }
        #expect(values == Array(0..<20))
    }

    @Test(arguments: Configuration.all)
    func `A block trap and a switch trap refuse a wait, and nothing else`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let number = OneShot<Int>()
            let ask: @Sendable () async -> [SchedulerError.Code?] = {
                [
                    await schedulerError { _ = try await number.value() }?.code,
                    await schedulerError { _ = try await number.value(until: .now + .seconds(3600)) }?.code,
                ]
            }
            Tasklet.current.blockTrap = true
            var codes = await ask()
            Tasklet.current.blockTrap = false
            Tasklet.scheduler.switchTrap = 1
            codes += await ask()
            // Fulfilling wakes waiters, but does not switch.
            number.fulfill(5)
            Tasklet.current.blockTrap = true
            let value = try await number.value()
            Tasklet.scheduler.switchTrap = 0
            Tasklet.current.blockTrap = false
            return (codes, value)
        }
        #expect(outcome.0 == [.blockTrap, .blockTrap, .switchTrap, .switchTrap])
        #expect(outcome.1 == 5)
    }

    @Test(arguments: Configuration.all)
    func `A killed waiter leaves, and the others stay`(configuration: Configuration) async throws {
        let log = Log()
        let outcome = try await configuration.run {
            let number = OneShot<Int>()
            let waiters = ["a", "b", "c"].map { (name: String) in
                Tasklet.spawn(name) {
                    do { log.add("\(name)=\(try await number.value())") } catch is TaskletExit {
                        log.add("\(name) killed")
                        // It may ask again.
                        log.add("\(name)=\(try await number.value())")
                    }
                }
            }
            while !waiters.allSatisfy(\.isBlocked) { try await Tasklet.schedule() }
            try await waiters[1].kill()
            while !waiters.allSatisfy(\.isBlocked) { try await Tasklet.schedule() }
            let text = log.text
            number.fulfill(1)
            for waiter in waiters { try await waiter.join() }
            return text
        }
        #expect(outcome == "b killed")
        #expect(log.all.sorted() == ["a=1", "b killed", "b=1", "c=1"])
    }

    @Test(arguments: Configuration.ordered)
    func `A tasklet killed at the moment when the value arrives throws`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            for isKilledFirst in [true, false] {
                let number = OneShot<Int>()
                let waiter = Tasklet.spawn {
                    do { log.add("\(try await number.value())") } catch is TaskletExit { log.add("killed") }
                    log.add("\(try await number.value())")
                }
                try await Tasklet.schedule()
                if isKilledFirst { try await waiter.kill(pending: true) }
                number.fulfill(1)
                if !isKilledFirst { try await waiter.kill(pending: true) }
                try await waiter.join()
            }
        }
        #expect(log.text == "killed 1 killed 1")
    }

    @Test(arguments: Configuration.ordered)
    func `Every wait counts as one switch, and no other operation counts`(configuration: Configuration) async throws {
        let counters = try await configuration.counters {
            for n in 0..<10 {
                let number = OneShot<Int>()
                Tasklet.spawn { number.fulfill(n) }
                _ = try await number.value()
                _ = try await number.value()
            }
        }
        #expect(counters.causes[.oneShot] == 10)
        #expect(counters.causes[.end] == 10)
        #expect(counters.total == 20)
        #expect(counters.noSwitch == 10)
    }
}
