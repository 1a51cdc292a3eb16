// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Programs on a Swift runtime whose thread state the switching code does not know.
@Suite struct `An unknown runtime` {
    static let configurations = Configuration.all.filter { $0.switching == .soft || $0.switching == .hard }

    @Test(arguments: configurations)
    func `Soft and hard switching become continuation`(configuration: Configuration) throws {
        #expect(try configuration.makeScheduler(distrustingRuntime: true).switching == .continuation)
    }

    @Test(arguments: configurations)
    func `Programs run as they do elsewhere`(configuration: Configuration) async throws {
        let scheduler = try configuration.makeScheduler(distrustingRuntime: true)
        let log = Log()
        let sum = try await onItsOwnThread {
            try scheduler.run {
                let channel = Channel<Int>()
                Tasklet.spawn {
                    for n in 1...10 {
                        log.add("s\(n)")
                        try await channel.send(n)
                    }
                }
                let receiver = Tasklet.spawn {
                    for n in 1...10 {
                        _ = try await channel.receive()
                        log.add("r\(n)")
                    }
                }
                try await receiver.join()
                try await Tasklet.sleep(for: .microseconds(10))
                async let child = log.all.count
                return await child
            }
        }
        #expect(sum == 20)
        if scheduler.isOrdered { #expect(log.text == (1...10).map { "s\($0) r\($0)" }.joined(separator: " ")) }
        #expect(scheduler.counters.switches[.soft] == 0)
        #expect(scheduler.counters.switches[.hard] == 0)
        #expect(scheduler.counters.switches[.continuation, default: 0] > 0)
    }

    @Test(arguments: configurations)
    func `Where the runtime's tasks are larger than expected, it makes them itself`(
        configuration: Configuration
    ) async throws {
        let scheduler = try configuration.makeScheduler(distrustingTaskSize: true)
        let sum = try await onItsOwnThread {
            try scheduler.run {
                let channel = Channel<Int>()
                for n in 1...100 { Tasklet.spawn { try await channel.send(n) } }
                var sum = 0
                for _ in 1...100 { sum += try await channel.receive() }
                return sum
            }
        }
        #expect(sum == 5050)
        #expect(scheduler.switching == configuration.switching)
    }

    @Test func `A task that outgrows its memory is noticed before one is used`() {
        #expect(SchedulerCore.taskKeeps(within: SchedulerCore.taskSize))
        // Smaller than its header, and than the header with the first frame.
        #expect(!SchedulerCore.taskKeeps(within: 64))
        #expect(!SchedulerCore.taskKeeps(within: 256))
    }

    @Test(arguments: configurations)
    func `Deadlocks and uncaught errors are detected there, too`(configuration: Configuration) async throws {
        let scheduler = try configuration.makeScheduler(distrustingRuntime: true)
        let outcome = try await onItsOwnThread {
            try scheduler.run {
                let channel = Channel<Int>()
                Tasklet.spawn { throw Failure("uncaught") }
                let first = await failure { _ = try await channel.receive() } as? Failure
                let second = await schedulerError { _ = try await channel.receive() }?.code
                return (first, second)
            }
        }
        #expect(outcome == (Failure("uncaught"), .deadlock))
    }
}
