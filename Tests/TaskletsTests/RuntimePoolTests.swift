// SPDX-License-Identifier: Apache-2.0

import Backends
import Dispatch
import Tasklets
import TestSupport
import Testing

/// Tasklets that are tasks on Swift's own pool of threads.
@Suite struct `Tasklets on Swift's own pool` {
    private static let configurations = Configuration.all.filter { $0.backend == .swiftConcurrency }

    @Test(arguments: configurations)
    func `No executor of ours is preferred by their tasks`(configuration: Configuration) async throws {
        let preferences = try await configuration.run {
            let channel = Channel<Bool>()
            Tasklet.spawn { try await channel.send(Self.hasExecutor) }
            return [Self.hasExecutor, try await channel.receive(), Self.hasExecutor]
        }
        #expect(preferences == [false, false, false])
    }

    private static var hasExecutor: Bool { withUnsafeCurrentTask { $0?.unownedTaskExecutor != nil } }

    @Test(arguments: configurations)
    func `They switch by continuations, and by nothing else`(configuration: Configuration) async throws {
        let counters = try await configuration.counters {
            let channel = Channel<Int>()
            let receiver = Tasklet.spawn { for _ in 0..<100 { _ = try await channel.receive() } }
            for n in 0..<100 { try await channel.send(n) }
            for _ in 0..<10 { try await Tasklet.schedule() }
            try await Tasklet.sleep(for: .microseconds(10))
            try await receiver.join()
        }
        #expect(counters.switches.filter { $0.value > 0 }.map(\.key) == [.continuation])
        #expect(counters.causes[.receive, default: 0] + counters.causes[.send, default: 0] >= 100)
    }

    @Test(arguments: configurations)
    func `They do not wait in synchronous code, nor would they with a value at hand`(
        configuration: Configuration
    ) async throws {
        let errors = try await configuration.run {
            let empty = Channel<Int>()
            let full = Channel<Int>(capacity: 1)
            try await full.send(1)
            let errors = [
                await schedulerError { _ = try [0].map { _ in try empty.receive() } },
                await schedulerError { _ = try [0].map { _ in try full.receive() } },
                await schedulerError { try [0].forEach { try empty.send($0) } },
            ]
            return (errors, empty.balance, try await full.receive())
        }
        #expect(errors.0.allSatisfy { $0?.code == .unsupported })
        #expect(errors.0.allSatisfy { $0?.message.contains("does not wait in synchronous code") == true })
        #expect((errors.1, errors.2) == (0, 1))
    }

    /// More of them at a time than a queue of the pool has threads; a tasklet's blocks such a thread, too.
    @Test(arguments: configurations, [TaskPriority.high, .medium, .low])
    func `Many runs may block the pool's own threads, inside each other as well`(
        configuration: Configuration,
        priority: TaskPriority
    ) async throws {
        let schedulers = try (0..<8).map { _ in (try configuration.makeScheduler(), try configuration.makeScheduler()) }
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for (outer, inner) in schedulers {
                group.addTask(priority: priority) {
                    try outer.run {
                        guard priority != .low else { return 21 }
                        return try inner.run {
                            let channel = Channel<Int>()
                            for n in 1...6 { Tasklet.spawn { try await channel.send(n) } }
                            var sum = 0
                            for _ in 1...6 { sum += try await channel.receive() }
                            return sum
                        }
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 8 * 21)
    }

    @Test(arguments: configurations)
    func `A run is refused where no queue of the pool is left for its tasklets`(
        configuration: Configuration
    ) async throws {
        let depth = Counter()
        let error = await Task.detached(priority: .medium) {
            await schedulerError { try Self.runInside(configuration, depth) }
        }.value
        #expect(depth.value == 3)
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("inside other runs") == true)
    }

    private static func runInside(_ configuration: Configuration, _ depth: Counter) throws {
        try configuration.makeScheduler().run {
            depth.add()
            try runInside(configuration, depth)
        }
    }

    /// It inherits the tasklet's task-local values; and its memory may be where the tasklet's task was.
    @Test(arguments: configurations)
    func `A task that a tasklet makes is no tasklet, while that lives or later`(
        configuration: Configuration
    ) async throws {
        let (isOver, gate) = AsyncStream.makeStream(of: Void.self)
        let channel = Channel<Int>()
        let (early, late) = try await configuration.run {
            _ = channel.balance
            let early = Task { await schedulerError { try await channel.send(1) }?.code }
            let late = Task {
                for await _ in isOver {}
                return await schedulerError { try await channel.send(1) }?.code
            }
            return (await early.value, late)
        }
        gate.finish()
        #expect(early == .wrongScheduler)
        #expect(await late.value == .wrongScheduler)
    }

    /// The runtime resumes it wherever a thread is free, and tells nobody.
    @Test(arguments: configurations)
    func `A tasklet knows itself wherever the runtime has resumed it`(configuration: Configuration) async throws {
        let strangers = try await configuration.run {
            let strangers = Counter()
            let tasklets = (0..<50).map { _ in
                Tasklet.spawn {
                    let me = Tasklet.current
                    for _ in 0..<50 {
                        await Task.yield()
                        if Tasklet.current != me { strangers.add() }
                        async let isTasklet = Self.isTasklet()
                        if await isTasklet { strangers.add() }
                        if Tasklet.current != me { strangers.add() }
                    }
                }
            }
            for tasklet in tasklets { try await tasklet.join() }
            return strangers.value
        }
        #expect(strangers == 0)
    }

    private static func isTasklet() async -> Bool {
        await schedulerError { try await Tasklet.schedule() }?.code != .wrongScheduler
    }

    /// The tasklet is woken before its continuation is there.
    @Test(arguments: configurations)
    func `A callback may wake the tasklet that is about to leave`(configuration: Configuration) async throws {
        let values = try await configuration.run {
            let value = OneShot<Int>()
            let main = Tasklet.current
            Tasklet.scheduler.scheduleCallback = { previous, _ in
                if previous == main { try? main.insert() }
            }
            try await Tasklet.scheduleRemove()
            Tasklet.scheduler.scheduleCallback = nil
            value.fulfill(1)
            return try await value.value()
        }
        #expect(values == 1)
    }

    @Test(arguments: configurations)
    func `Every stall is found, however the tasklets come to it`(configuration: Configuration) async throws {
        for count in [1, 2, 7] {
            let error = try await configuration.failure {
                let channels = (0..<count).map { _ in Channel<Int>() }
                for channel in channels {
                    Tasklet.spawn {
                        await Task.yield()
                        async let nothing: Void = {}()
                        await nothing
                        _ = try await channel.receive()
                    }
                }
            }
            let deadlock = try #require(error as? SchedulerError)
            #expect(deadlock.code == .deadlock && deadlock.blocked.count == count)
        }
    }
}
