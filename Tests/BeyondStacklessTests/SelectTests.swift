// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import TestSupport
import Testing

/// Selects of which a case is ready, or that must not wait.
@Suite struct `Selecting among ready cases` {
    private static var past: ContinuousClock.Instant { .now - .seconds(1) }

    @Test(arguments: Configuration.all)
    func `The only ready case happens, and the others do not`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let numbers = Channel<Int>("numbers")
            let words = Channel<String>("words")
            let full = Channel<Int>("full", capacity: 1)
            try await full.send(0)
            let ran = Log()
            let sender = Tasklet.spawn { try await words.send("hello") }
            while words.balance == 0 { try await Tasklet.schedule() }
            let result = try await Tasklet.select(
                numbers.onReceive {
                    ran.add("numbers")
                    return "\($0)"
                },
                words.onReceive {
                    ran.add("words")
                    return $0 + "!"
                },
                full.onSend(1) {
                    ran.add("full")
                    return "sent"
                }
            )
            try await sender.join()
            return (result, ran.all, [numbers.balance, words.balance, full.balance, full.bufferedCount])
        }
        #expect(outcome.0 == "hello!")
        #expect(outcome.1 == ["words"])
        #expect(outcome.2 == [0, 0, 0, 1])
    }

    @Test(arguments: Configuration.all)
    func `A send to a waiting receiver, a send into a buffer, and a receive from one`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<LargeElement>()
            let silent = Channel<Int>()
            let buffer = Channel<LargeElement>(capacity: 1)
            let received = Box<LargeElement?>(nil)
            let receiver = Tasklet.spawn { received.value = try await channel.receive() }
            while channel.balance == 0 { try await Tasklet.schedule() }
            var results = [
                try await Tasklet.select(silent.onReceive { _ in "no" }, channel.onSend(LargeElement()) { "sent" })
            ]
            try await receiver.join()
            results.append(
                try await Tasklet.select(silent.onReceive { _ in "no" }, buffer.onSend(LargeElement()) { "put" })
            )
            let level = buffer.bufferedCount
            results.append(
                try await Tasklet.select(
                    silent.onSend(1) { "no" },
                    buffer.onReceive { $0 == LargeElement() ? "taken" : "" }
                )
            )
            return (results, received.value, [level, buffer.bufferedCount, channel.balance, silent.balance])
        }
        #expect(outcome.0 == ["sent", "put", "taken"])
        #expect(outcome.1 == LargeElement())
        #expect(outcome.2 == [1, 0, 0, 0])
    }

    /// Which of three ready cases was chosen, select by select.
    private static func choices(_ configuration: Configuration) async throws -> [Int] {
        try await configuration.run {
            let channels = (0..<3).map { _ in Channel<Int>(capacity: 100) }
            for (index, channel) in channels.enumerated() {
                try await channel.send(contentsOf: Array(repeating: index, count: 100))
            }
            var choices: [Int] = []
            for _ in 0..<100 {
                choices.append(try await Tasklet.select(channels.map { $0.onReceive() }, until: nil) ?? -1)
            }
            return choices
        }
    }

    @Test(arguments: Configuration.all)
    func `Of several ready cases, each is chosen sometimes`(configuration: Configuration) async throws {
        let choices = try await Self.choices(configuration)
        for index in 0..<3 { #expect(choices.count { $0 == index } >= 10) }
        // And not in turns.
        #expect(choices != (0..<100).map { (choices[0] + $0) % 3 })
    }

    @Test(arguments: Configuration.ordered)
    func `The choices are the same in every run, on every ordered scheduler`(
        configuration: Configuration
    ) async throws {
        let scheduler = try configuration.makeScheduler()
        let expected = try await Self.choices(Configuration(backend: .roundRobin, switching: .soft))
        #expect(try await Self.choices(configuration) == expected)
        // In the second run of one scheduler, too.
        for _ in 0..<2 {
            let first = try await onItsOwnThread {
                try scheduler.run {
                    let channels = (0..<3).map { _ in Channel<Int>(capacity: 1) }
                    for (index, channel) in channels.enumerated() { try await channel.send(index) }
                    return try await Tasklet.select(channels.map { $0.onReceive() }, until: nil)
                }
            }
            #expect(first == expected.first)
        }
    }

    @Test(arguments: Configuration.all)
    func `With a past instant no tasklet waits`(configuration: Configuration) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            let channel = Channel<Tracked>()
            let before = Tasklet.scheduler.counters.total
            Tasklet.current.blockTrap = true
            Tasklet.scheduler.switchTrap = 1
            defer {
                Tasklet.current.blockTrap = false
                Tasklet.scheduler.switchTrap = 0
            }
            let object = Tracked(1, alive)
            let results = [
                try await Tasklet.select(channel.onReceive { _ in 1 }, channel.onSend(object) { 2 }, until: Self.past),
                try await Tasklet.select([channel.onReceive { _ in 1 }], until: Self.past),
                try await Tasklet.select([SelectCase<Int>](), until: Self.past),
            ]
            return (results, channel.balance, Tasklet.scheduler.counters.total - before)
        }
        #expect(outcome.0 == [nil, nil, nil])
        #expect((outcome.1, outcome.2) == (0, 0))
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `With a past instant, a ready case still happens`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let buffer = Channel<Int>(capacity: 1)
            let results = [
                try await Tasklet.select(buffer.onReceive { $0 }, buffer.onSend(5) { 0 }, until: Self.past),
                try await Tasklet.select(buffer.onReceive { $0 }, buffer.onSend(6) { 0 }, until: Self.past),
            ]
            return (results, buffer.bufferedCount)
        }
        #expect(outcome.0 == [0, 5])
        #expect(outcome.1 == 0)
    }

    // MARK: Actors

    private actor Desk {
        private(set) var results: [Int] = []

        func choose(_ one: Channel<Int>, _ other: Channel<Int>) async throws -> Int {
            let value = try await Tasklet.select(one.onReceive(), other.onReceive { $0 + 100 })
            results.append(value)
            return value
        }

        func offer(_ value: Int, _ one: Channel<Int>, _ other: Channel<Int>) async throws -> Bool {
            try await Tasklet.select(
                one.onSend(value) { true },
                other.onSend(value) { true },
                until: .now + .seconds(3600)
            ) ?? false
        }
    }

    @Test(arguments: Configuration.all)
    func `An actor is free while a tasklet selects inside it`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let desk = Desk()
            let (one, other) = (Channel<Int>(), Channel<Int>())
            let choosers = (0..<6).map { _ in Tasklet.spawn { _ = try await desk.choose(one, other) } }
            while one.balance > -6 { try await Tasklet.schedule() }
            for n in 0..<2 { try await one.send(n) }
            for n in 2..<4 { try await other.send(n) }
            var isSent = true
            for n in 4..<6 { isSent = try await desk.offer(n, one, other) && isSent }
            for chooser in choosers { try await chooser.join() }
            return (await desk.results.map { $0 % 100 }.sorted(), isSent, [one.balance, other.balance])
        }
        #expect(outcome.0 == [0, 1, 2, 3, 4, 5])
        #expect(outcome.1)
        #expect(outcome.2 == [0, 0])
    }
}
