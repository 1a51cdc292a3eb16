// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// One-shot values fulfilled by threads that are no scheduler's, or by other schedulers.
@Suite struct `One-shot values from elsewhere` {
    @Test(arguments: Configuration.all)
    func `Main waits for a value from another thread`(configuration: Configuration) async throws {
        let sum = try await configuration.run {
            let thread = ForeignThread()
            var sum = 0
            for n in 1...500 {
                let number = OneShot<Int>()
                thread.start { number.fulfill(n) }
                sum += try await number.value()
            }
            return sum
        }
        #expect(sum == 125_250)
    }

    @Test(arguments: Configuration.all)
    func `One of several tasklets that wait for different values continues alone`(configuration: Configuration)
        async throws
    {
        let failedRound = try await configuration.run { () -> Int? in
            let thread = ForeignThread()
            let results = Channel<Int>()
            for round in 0..<200 {
                let first = OneShot<Int>()
                let second = OneShot<Int>()
                // Only the first makes the other thread fulfil the second.
                Tasklet.spawn {
                    let value = try await first.value()
                    thread.start { second.fulfill(value + 1) }
                }
                Tasklet.spawn { try await results.send(second.value()) }
                thread.start {
                    spin(round * 10)
                    first.fulfill(1)
                }
                if try await results.receive() != 2 { return round }
            }
            return nil
        }
        #expect(failedRound == nil)
    }

    @Test(arguments: Configuration.all)
    func `A waiting tasklet keeps run from returning when main has ended`(
        configuration: Configuration
    ) async throws {
        let thread = ForeignThread()
        let got = Box<Int?>(nil)
        for round in 0..<100 {
            try await configuration.run {
                let number = OneShot<Int>()
                Tasklet.spawn {
                    thread.start {
                        spin(round * 20)
                        number.fulfill(round)
                    }
                    got.value = try await number.value()
                }
            }
            try #require(got.value == round)
        }
    }

    @Test(arguments: Configuration.all)
    func `Running all waits for a value from another thread`(configuration: Configuration) async throws {
        let counts = try await configuration.run {
            let thread = ForeignThread()
            let got = Counter()
            var counts: [Int] = []
            for n in 0..<100 {
                let number = OneShot<Int>()
                Tasklet.spawn { got.add(try await number.value()) }
                thread.start {
                    spin(n)
                    number.fulfill(1)
                }
                try await Tasklet.runAll()
                counts.append(got.value)
            }
            return counts
        }
        #expect(counts == Array(1...100))
    }

    @Test(arguments: Configuration.all)
    func `Of several threads that fulfil it at once, one succeeds`(configuration: Configuration) async throws {
        let wrong = try await configuration.run {
            let threads = (0..<3).map { _ in ForeignThread() }
            let results = Channel<Int>()
            var wrong = 0
            for round in 0..<300 {
                let number = OneShot<Int>()
                for _ in 0..<3 { Tasklet.spawn { try await results.send(number.value()) } }
                for (index, thread) in threads.enumerated() {
                    thread.start {
                        spin((round * 7 + index * 13) % 50)
                        number.fulfill(index)
                    }
                }
                let values = [try await results.receive(), try await results.receive(), try await results.receive()]
                if Set(values + [try await number.value()]).count != 1 { wrong += 1 }
            }
            return wrong
        }
        #expect(wrong == 0)
    }

    @Test(arguments: Configuration.all)
    func `It outlives a run, and serves the next`(configuration: Configuration) async throws {
        let scheduler = try configuration.makeScheduler()
        let thread = ForeignThread()
        let numbers = [OneShot<Int>(), OneShot<Int>()]
        for round in 0..<2 {
            let values = try await onItsOwnThread {
                try scheduler.run {
                    if round == 0 { thread.start { numbers[0].fulfill(1) } }
                    if round == 1 { thread.start { numbers[1].fulfill(2) } }
                    return [try await numbers[0].value(), round == 0 ? 0 : try await numbers[1].value()]
                }
            }
            #expect(values == [1, round * 2])
        }
    }

    @Test func `Tasklets of several schedulers wait for the same one`() async throws {
        for _ in 0..<10 {
            let number = OneShot<Int>()
            let arrived = Counter()
            let sums = try await withThrowingTaskGroup(of: Int.self) { group in
                for configuration in Configuration.all {
                    group.addTask {
                        try await configuration.run { try await Self.sum(of: 3, waitingFor: number, arrived) }
                    }
                }
                // It would not matter whether all wait already; here they do.
                while arrived.value < Configuration.all.count { await Task.yield() }
                number.fulfill(7)
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(sums == Array(repeating: 21, count: Configuration.all.count))
        }
    }

    @Test func `A tasklet of one scheduler fulfils it for those of others`() async throws {
        for _ in 0..<10 {
            let number = OneShot<Int>()
            let arrived = Counter()
            let sums = try await withThrowingTaskGroup(of: Int.self) { group in
                for configuration in Configuration.all {
                    group.addTask {
                        try await configuration.run {
                            // Each checks whether all wait; the first to see it fulfils early enough.
                            Tasklet.spawn {
                                while arrived.value < Configuration.all.count { try await Tasklet.schedule() }
                                number.fulfill(7)
                            }
                            return try await Self.sum(of: 3, waitingFor: number, arrived)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(sums == Array(repeating: 21, count: Configuration.all.count))
        }
    }

    private static func sum(of count: Int, waitingFor number: OneShot<Int>, _ arrived: Counter) async throws -> Int {
        let sum = Counter()
        let waiters = (0..<count).map { _ in Tasklet.spawn { sum.add(try await number.value()) } }
        while !waiters.allSatisfy({ $0.isBlocked || !$0.isAlive }) { try await Tasklet.schedule() }
        arrived.add()
        for waiter in waiters { try await waiter.join() }
        return sum.value
    }

    @Test(arguments: Configuration.all)
    func `A scheduler that runs inside a tasklet fulfils it for the outer one`(
        configuration: Configuration
    ) async throws {
        let values = try await configuration.run {
            let results = Channel<Int>()
            var values: [Int] = []
            for inner in Configuration.all {
                let number = OneShot<Int>()
                let waiter = Tasklet.spawn { try await results.send(number.value()) }
                while !waiter.isBlocked { try await Tasklet.schedule() }
                try inner.makeScheduler().run { number.fulfill(7) }
                values.append(try await results.receive())
            }
            return values
        }
        #expect(values == Array(repeating: 7, count: Configuration.all.count))
    }
}
