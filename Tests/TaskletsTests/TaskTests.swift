// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Swift's own concurrency, used inside a tasklet.
@Suite struct `Tasks inside a tasklet` {
    @Test(arguments: Configuration.all)
    func `A task group's children return their results`(configuration: Configuration) async throws {
        let sums = try await configuration.run {
            let results = Channel<Int>()
            for offset in 0..<5 {
                Tasklet.spawn {
                    let sum = await withTaskGroup(of: Int.self) { group in
                        for n in 1...10 { group.addTask { n + offset } }
                        return await group.reduce(0, +)
                    }
                    try await results.send(sum)
                }
            }
            var sums: [Int] = []
            for _ in 0..<5 { sums.append(try await results.receive()) }
            return sums.sorted()
        }
        #expect(sums == [55, 65, 75, 85, 95])
    }

    @Test(arguments: Configuration.all)
    func `A tasklet that has run another scheduler still gets its children's results`(
        configuration: Configuration
    ) async throws {
        let sum = try await configuration.run {
            let other = Tasklet.spawn {
                for inner in Configuration.all { try inner.makeScheduler().run {} }
                let sum = await withTaskGroup(of: Int.self) { group in
                    for n in 1...10 { group.addTask { n } }
                    return await group.reduce(0, +)
                }
                #expect(sum == 55)
            }
            try await other.join()
            for inner in Configuration.all { try inner.makeScheduler().run {} }
            async let sum = Task { 55 }.value
            return await sum
        }
        #expect(sum == 55)
    }

    @Test(arguments: Configuration.all)
    func `Children that suspend continue, and other tasklets run meanwhile`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let other = Counter()
            Tasklet.spawn {
                for _ in 0..<100 {
                    other.add()
                    try await Tasklet.schedule()
                }
            }
            let sum = await withTaskGroup(of: Int.self) { group in
                for n in 1...10 {
                    group.addTask {
                        for _ in 0..<10 { await Task.yield() }
                        return n
                    }
                }
                return await group.reduce(0, +)
            }
            while other.value < 100 { try await Tasklet.schedule() }
            return (sum, other.value)
        }
        #expect(outcome == (55, 100))
    }

    @Test(arguments: Configuration.all)
    func `A throwing group passes the error on and cancels the rest`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let cancelled = Counter()
            let error = await failure {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { throw Failure("child") }
                    group.addTask {
                        while !Task.isCancelled { await Task.yield() }
                        cancelled.add()
                    }
                    for try await _ in group {}
                }
            }
            return (error as? Failure, cancelled.value, Task.isCancelled)
        }
        #expect(outcome == (Failure("child"), 1, false))
    }

    @Test(arguments: Configuration.all)
    func `Values bound with async let arrive`(configuration: Configuration) async throws {
        let sum = try await configuration.run {
            async let a = delayed(1)
            async let b = delayed(2)
            try await Tasklet.schedule()
            async let c = delayed(3)
            return await a + b + c
        }
        #expect(sum == 6)
    }

    @Test(arguments: Configuration.all)
    func `Another task's value can be awaited`(configuration: Configuration) async throws {
        let sum = try await configuration.run {
            let results = Channel<Int>()
            for n in 0..<10 {
                Tasklet.spawn {
                    let a = await Task { await delayed(n) }.value
                    let b = await Task.detached { await delayed(n) }.value
                    let c = Task.immediate { await delayed(n) }
                    try await results.send(a + b + c.value)
                }
            }
            var sum = 0
            for _ in 0..<10 { sum += try await results.receive() }
            return sum
        }
        #expect(sum == 135)
    }

    @Test(arguments: Configuration.all)
    func `Task.yield returns, and takes turns with tasklets`(configuration: Configuration) async throws {
        let total = try await configuration.run {
            let total = Counter()
            let tasklets = (0..<10).map { _ in
                Tasklet.spawn {
                    for _ in 0..<100 {
                        await Task.yield()
                        total.add()
                        try await Tasklet.schedule()
                    }
                }
            }
            for tasklet in tasklets { try await tasklet.join() }
            return total.value
        }
        #expect(total == 1000)
    }

    @Test(arguments: Configuration.ordered)
    func `Task.yield lets all runnable tasklets run first`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            for name in ["a", "b", "c"] {
                Tasklet.spawn {
                    for _ in 0..<3 {
                        log.add(name)
                        await Task.yield()
                    }
                }
            }
        }
        #expect(log.text == "a b c a b c a b c")
    }

    @Test(arguments: Configuration.all)
    func `A continuation is resumed from another tasklet or another thread`(
        configuration: Configuration
    ) async throws {
        let values = try await configuration.run {
            let near = await withCheckedContinuation { continuation in
                Tasklet.spawn { continuation.resume(returning: 1) }
            }
            let far = await withCheckedContinuation { continuation in
                Task.detached { continuation.resume(returning: 2) }
            }
            let here = await withCheckedContinuation { $0.resume(returning: 3) }
            return [near, far, here]
        }
        #expect(values == [1, 2, 3])
    }

    @Test(arguments: Configuration.all)
    func `Waiting for a task is no deadlock`(configuration: Configuration) async throws {
        let received = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn {
                let value = await Task.detached { await delayed(5) }.value
                try await channel.send(value)
            }
            return try await channel.receive()
        }
        #expect(received == 5)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet that waits for a task is waited for when main has ended`(
        configuration: Configuration
    ) async throws {
        let value = Box(0)
        _ = try await configuration.run {
            Tasklet.spawn {
                value.value = await Task.detached { await delayed(7) }.value
                try await Tasklet.schedule()
                value.value += 1
            }
        }
        #expect(value.value == 8)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet is still the same after the runtime has suspended it`(configuration: Configuration) async throws {
        let areSame = try await configuration.run {
            let results = Channel<Bool>()
            for _ in 0..<5 {
                Tasklet.spawn("one") {
                    let before = Tasklet.current
                    await Task.yield()
                    let afterYield = Tasklet.current
                    _ = await Task.detached { 1 }.value
                    let afterValue = Tasklet.current
                    try await results.send(before == afterYield && before == afterValue && before.isCurrent)
                }
            }
            var areSame = true
            for _ in 0..<5 {
                let isSame = try await results.receive()
                areSame = areSame && isSame
            }
            return areSame
        }
        #expect(areSame)
    }
}

/// The value, after the runtime has suspended its caller for a while.
private func delayed(_ value: Int) async -> Int {
    await Task.yield()
    return value
}
