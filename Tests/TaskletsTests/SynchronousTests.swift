// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// The operations marked `noasync`, called where a program would: inside closures that `map` calls.
@Suite struct `Blocking in synchronous code` {
    @Test(arguments: Configuration.waitingSynchronously)
    func `Receiving inside map`(configuration: Configuration) async throws {
        let values = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn { for n in 0..<100 { try await channel.send(n) } }
            return try (0..<100).map { _ in try channel.receive() }
        }
        #expect(values == Array(0..<100))
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `Sending inside forEach`(configuration: Configuration) async throws {
        let values = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn { try (0..<100).forEach { try channel.send($0) } }
            var values: [Int] = []
            for _ in 0..<100 { values.append(try await channel.receive()) }
            return values
        }
        #expect(values == Array(0..<100))
    }

    @Test(arguments: Configuration.waitingSynchronously, [Preference.receiver, .none, .sender])
    func `Both sides in synchronous code`(configuration: Configuration, preference: Preference) async throws {
        let sums = try await configuration.run {
            let channel = Channel<Int>()
            channel.preference = preference
            let results = Channel<Int>()
            for _ in 0..<2 { Tasklet.spawn { try (1...50).forEach { try channel.send($0) } } }
            for _ in 0..<2 {
                Tasklet.spawn {
                    let sum = try (1...50).map { _ in try channel.receive() }.reduce(0, +)
                    try await results.send(sum)
                }
            }
            return [try await results.receive(), try await results.receive()]
        }
        #expect(sums.reduce(0, +) == 2 * 1275)
    }

    @Test(arguments: Configuration.ordered)
    func `The order is the same as in asynchronous code`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn {
                try (0..<10).forEach { n in
                    log.add("s\(n)")
                    try channel.send(n)
                }
            }
            Tasklet.spawn { _ = try (0..<10).map { _ in log.add("r\(try channel.receive())") } }
        }
        #expect(log.text == (0..<10).map { "s\($0) r\($0)" }.joined(separator: " "))
    }

    @Test(arguments: Configuration.swappingStacks)
    func `It sets a stack aside, and counts as a hard switch, or as a slice`(configuration: Configuration) async throws
    {
        let counters = try await configuration.counters(Self.mapsOverAChannel)
        let switching: Switching = configuration.switching == .slice ? .slice : .hard
        #expect(counters.switches[switching, default: 0] >= 100)
    }

    @Test(arguments: Configuration.waitingSynchronously.filter { !Configuration.swappingStacks.contains($0) })
    func `Where tasklets move between threads it blocks the thread`(configuration: Configuration) async throws {
        let counters = try await configuration.counters(Self.mapsOverAChannel)
        #expect(counters.switches[.kernel, default: 0] >= 100)
        #expect(counters.switches[.hard, default: 0] == 0)
    }

    @Test(arguments: Configuration.swappingStacks.filter { $0.switching == .soft })
    func `A program without it never switches hard`(configuration: Configuration) async throws {
        let counters = try await configuration.counters {
            let channel = Channel<Int>()
            Tasklet.spawn { for n in 0..<100 { try await channel.send(n) } }
            for _ in 0..<100 { _ = try await channel.receive() }
        }
        #expect(counters.switches[.hard] == 0)
        #expect(counters.switches[.soft, default: 0] > 100)
    }

    private static let mapsOverAChannel: @Sendable () async throws -> Void = {
        let channel = Channel<Int>()
        Tasklet.spawn {
            for n in 0..<100 {
                while channel.balance == 0 { try await Tasklet.schedule() }
                try await channel.send(n)
            }
        }
        _ = try (0..<100).map { _ in try channel.receive() }
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `Soft and hard meet in one tasklet and on one channel`(configuration: Configuration) async throws {
        let total = try await configuration.run {
            let channel = Channel<Int>()
            let results = Channel<Int>()
            for _ in 0..<4 {
                Tasklet.spawn {
                    for n in 0..<50 {
                        if n.isMultiple(of: 2) {
                            try await channel.send(n)
                        } else {
                            try [n].forEach { try channel.send($0) }
                        }
                        if n.isMultiple(of: 7) { try await Tasklet.schedule() }
                    }
                }
                Tasklet.spawn {
                    var sum = 0
                    for n in 0..<50 {
                        if n.isMultiple(of: 3) {
                            sum += try await channel.receive()
                        } else {
                            sum += try [0].map { _ in try channel.receive() }[0]
                        }
                    }
                    try await results.send(sum)
                }
            }
            var total = 0
            for _ in 0..<4 { total += try await results.receive() }
            return total
        }
        #expect(total == 4 * (0..<50).reduce(0, +))
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `Errors pass through it: sent ones, refusals and death`(configuration: Configuration) async throws {
        let deaths = Counter()
        let codes = Box<[SchedulerError.Code?]>([])
        let sent = Box<Failure?>(nil)
        let error = try await configuration.failure {
            let channel = Channel<Int>()
            Tasklet.spawn { try await channel.send(throwing: Failure("sent")) }
            sent.value = await failure { _ = try [0].map { _ in try channel.receive() } } as? Failure
            codes.value = [await schedulerError { _ = try [0].map { _ in try channel.receive() } }?.code]
            channel.close()
            codes.value.append(await schedulerError { try [0].forEach { try channel.send($0) } }?.code)
            let other = Channel<Int>()
            for _ in 0..<3 {
                Tasklet.spawn {
                    do { _ = try [0].map { _ in try other.receive() } } catch is TaskletExit { deaths.add() }
                }
            }
        }
        #expect(sent.value == Failure("sent"))
        #expect(codes.value == [.deadlock, .channelClosed])
        #expect((error as? SchedulerError)?.blocked.count == 3)
        #expect(deaths.value == 3)
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `A comparison that blocks, inside a sort`(configuration: Configuration) async throws {
        let sorted = try await configuration.run {
            let questions = Channel<(Int, Int)>()
            let answers = Channel<Bool>()
            let judge = Tasklet.spawn {
                for try await (left, right) in questions { try await answers.send(left < right) }
            }
            let sorted = try [5, 3, 9, 1, 7, 2, 8, 6, 4, 0].sorted {
                try questions.send(($0, $1))
                return try answers.receive()
            }
            try await questions.send(throwing: TaskletExit())
            try await judge.join()
            return sorted
        }
        #expect(sorted == Array(0..<10))
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `Many block at once and are served in any order`(configuration: Configuration) async throws {
        let count = 60
        let sum = try await configuration.run {
            let channels = (0..<count).map { _ in Channel<Int>() }
            let results = Channel<Int>()
            for channel in channels {
                Tasklet.spawn {
                    let value = try [0].map { _ in try channel.receive() }[0]
                    try await results.send(value)
                }
            }
            while channels.contains(where: { $0.balance == 0 }) { try await Tasklet.schedule() }
            for (index, channel) in channels.enumerated().reversed() { try await channel.send(index) }
            var sum = 0
            for _ in 0..<count { sum += try await results.receive() }
            return sum
        }
        #expect(sum == (0..<count).reduce(0, +))
    }

    @Test(arguments: Configuration.ordered)
    func `A tasklet that yields in synchronous code is killed there`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn { _ = try await channel.receive() }
            let sender = Tasklet.spawn {
                do { try [1].forEach { try channel.send($0) } } catch { return log.add("killed") }
                log.add("sent")
            }
            Tasklet.spawn { try await sender.kill() }
            try await Tasklet.runAll()
        }
        #expect(log.text == "killed")
    }
}
