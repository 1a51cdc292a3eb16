// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// These tests do not check how late a sleeper may be, only that it is not early.
@Suite struct `Sleeping` {
    @Test(arguments: Configuration.all)
    func `No sleeper wakes early`(configuration: Configuration) async throws {
        let early = try await configuration.run {
            let early = Log()
            for index in 0..<20 {
                Tasklet.spawn {
                    let duration = Duration.microseconds(index * 137)
                    let start = ContinuousClock.now
                    try await Tasklet.sleep(for: duration)
                    if ContinuousClock.now - start < duration { early.add("for \(duration)") }
                    let instant = ContinuousClock.now + duration
                    try await Tasklet.sleep(until: instant)
                    if ContinuousClock.now < instant { early.add("until \(duration)") }
                }
            }
            return early
        }
        #expect(early.all.isEmpty)
    }

    @Test(arguments: Configuration.ordered)
    func `Sleepers wake in the order of their deadlines`(configuration: Configuration) async throws {
        // If the machine was so slow that a deadline passed before all slept, the deadlines have to be later.
        var margin = Duration.milliseconds(5)
        while true {
            let log = Log()
            let inTime = try await configuration.run { [margin] in
                let start = ContinuousClock.now + margin
                for n in [7, 3, 9, 0, 5, 1, 8, 2, 6, 4] {
                    Tasklet.spawn {
                        try await Tasklet.sleep(until: start + .microseconds(100 * n))
                        log.add("\(n)")
                    }
                }
                try await Tasklet.schedule()
                return ContinuousClock.now < start
            }
            if inTime { return #expect(log.text == "0 1 2 3 4 5 6 7 8 9") }
            margin *= 2
        }
    }

    @Test(arguments: Configuration.ordered)
    func `A sleeper enters the run queue behind the runnable tasklets`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Void>()
            Tasklet.spawn {
                try await Tasklet.sleep(for: .microseconds(50))
                try await channel.send(())
                log.add("sleeper")
            }
            Tasklet.spawn {
                while channel.balance <= 0 { try await Tasklet.schedule() }
                log.add("runnable")
                try await channel.receive()
            }
        }
        #expect(log.text == "runnable sleeper")
    }

    @Test(arguments: Configuration.all)
    func `Main sleeps while others work, and others sleep while main waits`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let worker = Tasklet.spawn { for _ in 0..<10 { try await Tasklet.schedule() } }
            try await Tasklet.sleep(for: .milliseconds(1))
            let channel = Channel<Int>()
            Tasklet.spawn {
                try await Tasklet.sleep(for: .milliseconds(1))
                try await channel.send(3)
            }
            // Not a deadlock: the sleeper will send.
            let value = try await channel.receive()
            let sleeper = Tasklet.spawn { try await Tasklet.sleep(for: .milliseconds(1)) }
            try await sleeper.join()
            try await worker.join()
            return (value, sleeper.isAlive, worker.isAlive)
        }
        #expect(outcome == (3, false, false))
    }

    @Test(arguments: Configuration.all)
    func `Each of many sleepers wakes once`(configuration: Configuration) async throws {
        let count = configuration.isThreadPerTasklet ? 50 : 1000
        let wakes = Counter()
        try await configuration.run {
            for n in 0..<count {
                Tasklet.spawn {
                    for _ in 0..<3 { try await Tasklet.sleep(for: .microseconds((n * 7919) % 2000)) }
                    wakes.add()
                }
            }
        }
        #expect(wakes.value == count)
    }

    @Test(arguments: Configuration.ordered)
    func `A duration of zero is a yield`(configuration: Configuration) async throws {
        let log = Log()
        let counters = try await configuration.counters {
            for (name, duration) in [("zero", Duration.zero), ("negative", .seconds(-1))] {
                Tasklet.spawn {
                    log.add("\(name) before")
                    try await Tasklet.sleep(for: duration)
                    log.add("\(name) after")
                }
            }
            try await Tasklet.sleep(until: .now - .seconds(1))
            log.add("main")
        }
        #expect(log.text == "zero before negative before main zero after negative after")
        #expect(counters.causes[.sleep] == 0)
        #expect(counters.causes[.schedule] == 3)
    }

    @Test(arguments: Configuration.all)
    func `A duration too long to represent does not overflow`(configuration: Configuration) async throws {
        let error = try await configuration.run {
            Tasklet.spawn {
                try await Tasklet.sleep(for: .milliseconds(1))
                throw Failure("wake up")
            }
            return await failure { try await Tasklet.sleep(for: .seconds(Int64.max)) }
        }
        #expect(error as? Failure == Failure("wake up"))
    }

    @Test(arguments: Configuration.all)
    func `A sleeper among tasklets that never stop is not forgotten`(configuration: Configuration) async throws {
        let woke = try await configuration.run {
            let woke = Box(false)
            Tasklet.spawn {
                try await Tasklet.sleep(for: .microseconds(100))
                woke.value = true
            }
            let busy = (0..<3).map { _ in Tasklet.spawn { while !woke.value { try await Tasklet.schedule() } } }
            for tasklet in busy { try await tasklet.join() }
            return woke.value
        }
        #expect(woke)
    }

    @Test(arguments: Configuration.all)
    func `A sleeper among tasklets that hand over to each other is not forgotten`(
        configuration: Configuration
    ) async throws {
        let woke = try await configuration.run {
            let woke = Box(false)
            let channel = Channel<Bool>()
            Tasklet.spawn {
                try await Tasklet.sleep(for: .microseconds(100))
                woke.value = true
            }
            Tasklet.spawn {
                repeat { try await channel.send(true) } while !woke.value
                try await channel.send(false)
            }
            // If the sleeper were forgotten, this would never end.
            while try await channel.receive() {}
            return woke.value
        }
        #expect(woke)
    }
}
