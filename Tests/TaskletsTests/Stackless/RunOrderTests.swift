// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Stackless: the order in which tasklets run` {
    /// PyPy's test_stackless.py, test_simple.
    @Test(arguments: Configuration.ordered)
    func `Tasklets run in the order in which they were spawned, and main continues when they are done`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        let isMain = try await configuration.run {
            log.add("m")
            Tasklet.spawn {
                log.add("g")
                try await Tasklet.schedule()
            }
            Tasklet.spawn { log.add("f") }
            try await Tasklet.runAll()
            log.add("m")
            return Tasklet.current == Tasklet.main
        }
        #expect(log.text == "m g f m")
        #expect(isMain)
    }

    /// PyPy's test_stackless.py, test_scheduling_cleanup.
    @Test(arguments: Configuration.ordered)
    func `Tasklets that yield once all begin before one of them ends`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            for name in ["f", "g", "h"] {
                Tasklet.spawn {
                    log.add("\(name)b")
                    try await Tasklet.schedule()
                    log.add("\(name)a")
                }
            }
            log.add("mb")
            try await Tasklet.runAll()
            log.add("ma")
        }
        #expect(log.text == "mb fb gb hb fa ga ha ma")
    }

    /// PyPy's test_stackless.py, test_cooperative.
    @Test(arguments: Configuration.ordered)
    func `Two loops that yield take turns while main runs all`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            for name in ["1", "2"] {
                Tasklet.spawn {
                    for _ in 0..<3 {
                        try await Tasklet.schedule()
                        log.add(name)
                    }
                }
            }
            try await Tasklet.runAll()
            log.add("m")
        }
        #expect(log.text == "1 2 1 2 1 2 m")
    }

    /// PyPy's test_stackless.py, test_schedule and test_run.
    @Test(arguments: Configuration.ordered, [true, false])
    func `One yield of main lets each tasklet run once, as runAll does`(
        configuration: Configuration,
        yields: Bool
    ) async throws {
        let log = Log()
        try await configuration.run {
            for name in ["1", "2"] { Tasklet.spawn { log.add(name) } }
            if yields { try await Tasklet.schedule() } else { try await Tasklet.runAll() }
            log.add("m")
        }
        #expect(log.text == "1 2 m")
    }

    /// PyPy's test_stackless.py, test_getruncount.
    @Test(arguments: Configuration.ordered)
    func `Main counts as runnable while it yields, and not while it runs all`(
        configuration: Configuration
    ) async throws {
        let counts = try await configuration.run {
            let inside = Box<[Int]>([])
            var counts = [Tasklet.runCount]
            Tasklet.spawn { inside.update { $0.append(Tasklet.runCount) } }
            counts.append(Tasklet.runCount)
            try await Tasklet.schedule()
            Tasklet.spawn { inside.update { $0.append(Tasklet.runCount) } }
            try await Tasklet.runAll()
            return counts + inside.value
        }
        #expect(counts == [1, 2, 2, 1])
    }

    /// PyPy's test_stackless.py, test_send_counter.
    @Test(arguments: Configuration.ordered)
    func `Values arrive in the order in which their senders blocked`(configuration: Configuration) async throws {
        let values = try await configuration.run {
            let channel = Channel<Int>()
            for n in Self.shuffled {
                Tasklet.spawn {
                    for _ in 0..<n { try await Tasklet.schedule() }
                    try await channel.send(n)
                }
            }
            try await Tasklet.runAll()
            var values: [Int] = []
            while channel.balance != 0 { values.append(try await channel.receive()) }
            return values
        }
        #expect(values == Array(0..<10))
    }

    /// PyPy's test_stackless.py, test_receive_counter.
    @Test(arguments: Configuration.ordered)
    func `Values go to receivers in the order in which they blocked`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>()
            for n in Self.shuffled {
                Tasklet.spawn {
                    for _ in 0..<n { try await Tasklet.schedule() }
                    log.add("\(n)=\(try await channel.receive())")
                }
            }
            try await Tasklet.runAll()
            var value = 0
            while channel.balance != 0 {
                try await channel.send(value)
                value += 1
            }
        }
        #expect(log.text == (0..<10).map { "\($0)=\($0)" }.joined(separator: " "))
    }

    /// Any order but the sorted one.
    private static let shuffled = [3, 7, 0, 9, 1, 5, 8, 2, 6, 4]

    /// Stackless's documentation of `tasklet.run`.
    @Test(arguments: Configuration.ordered)
    func `Running one tasklet continues with those behind it, and with it alone when it was removed`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let tasklets = ["t1", "t2", "t3"].map { name in
                Tasklet.spawn {
                    while true {
                        log.add(name)
                        try await Tasklet.schedule()
                    }
                }
            }
            try await tasklets[0].run()
            log.add("|")
            try await tasklets[1].run()
            log.add("|")
            try tasklets[1].remove()
            try await tasklets[1].run()
            for tasklet in tasklets { try await tasklet.kill(pending: true) }
            try await Tasklet.runAll()
        }
        #expect(log.text == "t1 t2 t3 | t2 t3 | t2")
    }

    /// The pumping idiom of Stackless's documentation of its scheduler.
    @Test(arguments: Configuration.ordered)
    func `A game loop gives each tasklet exactly one step a frame`(configuration: Configuration) async throws {
        let log = Log()
        let runCounts = try await configuration.run {
            let pump = Channel<Void>()
            pump.preference = .sender
            for name in ["a", "b", "c"] {
                Tasklet.spawn {
                    for step in 0..<3 {
                        log.add("\(name)\(step)")
                        try await pump.receive()
                    }
                }
            }
            var runCounts: [Int] = []
            for _ in 0..<3 {
                try await Tasklet.runAll()
                runCounts.append(Tasklet.runCount)
                log.add("|")
                while pump.balance < 0 { try await pump.send(()) }
            }
            return runCounts
        }
        #expect(log.text == "a0 b0 c0 | a1 b1 c1 | a2 b2 c2 |")
        #expect(runCounts == [1, 1, 1])
    }
}
