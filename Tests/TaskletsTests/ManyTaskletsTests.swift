// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

extension Tag {
    /// Takes more than a quarter of a second.
    @Tag static var slow: Self
}

@Suite struct `Many tasklets` {
    @Test(.tags(.slow), arguments: Configuration.ordered.filter { $0.switching == .soft })
    func `A hundred thousand are parked softly`(configuration: Configuration) async throws {
        #expect(try await sumOfParked(100_000, configuration) == 100_000)
    }

    /// Where the kernel has no cheap guard pages, there may be too few mappings, and an error has to say so.
    @Test(.tags(.slow), arguments: Configuration.swappingStacks.filter { $0.switching == .hard })
    func `A hundred thousand are parked hard, or an error says why not`(configuration: Configuration) async throws {
        do {
            #expect(try await sumOfParked(100_000, configuration) == 100_000)
        } catch let error as SchedulerError where error.code == .system {
            #expect(error.message.contains("vm.max_map_count"))
        }
    }

    @Test(arguments: Configuration.all)
    func `Hundreds are parked in every way`(configuration: Configuration) async throws {
        let count = configuration.isThreadPerTasklet ? 100 : 1000
        #expect(try await sumOfParked(count, configuration) == count)
    }

    /// Parks that many receivers, sends each a 1, and returns the sum of what they received.
    private func sumOfParked(_ count: Int, _ configuration: Configuration) async throws -> Int {
        let sum = Counter()
        try await configuration.run {
            let channel = Channel<Int>()
            for _ in 0..<count { Tasklet.spawn { sum.add(try await channel.receive()) } }
            while channel.balance > -count { try await Tasklet.schedule() }
            for _ in 0..<count { try await channel.send(1) }
        }
        return sum.value
    }

    @Test(arguments: Configuration.all)
    func `A tree of tasklets adds up its leaves`(configuration: Configuration) async throws {
        @Sendable func grow(_ number: Int, _ size: Int, _ parent: Channel<Int>) async throws {
            if size == 1 { return try await parent.send(number) }
            let children = Channel<Int>()
            for child in 0..<4 { Tasklet.spawn { try await grow(number + child * (size / 4), size / 4, children) } }
            var sum = 0
            for _ in 0..<4 { sum += try await children.receive() }
            try await parent.send(sum)
        }
        let leaves = configuration.isThreadPerTasklet ? 64 : 4096
        let sum = try await configuration.run {
            let root = Channel<Int>()
            Tasklet.spawn { try await grow(0, leaves, root) }
            return try await root.receive()
        }
        #expect(sum == leaves * (leaves - 1) / 2)
    }

    @Test(arguments: Configuration.all)
    func `Thousands are spawned and joined in turn`(configuration: Configuration) async throws {
        let count = configuration.isThreadPerTasklet ? 500 : 10_000
        let runs = Counter()
        try await configuration.run {
            for n in 0..<count {
                let tasklet = Tasklet.spawn {
                    runs.add()
                    if n.isMultiple(of: 3) { try await Tasklet.schedule() }
                    if n.isMultiple(of: 1000) { throw TaskletExit() }
                }
                try await tasklet.join()
            }
        }
        #expect(runs.value == count)
    }

    @Test(arguments: Configuration.all)
    func `A message goes around a ring of tasklets`(configuration: Configuration) async throws {
        let size = configuration.isThreadPerTasklet ? 20 : 100
        let hops = try await configuration.run {
            let channels = (0...size).map { _ in Channel<Int>() }
            for (mine, next) in zip(channels, channels.dropFirst()) {
                Tasklet.spawn { for _ in 0..<10 { try await next.send(mine.receive() + 1) } }
            }
            // Main closes the ring.
            var hops = 0
            for _ in 0..<10 {
                try await channels[0].send(hops)
                hops = try await channels[size].receive()
            }
            return hops
        }
        #expect(hops == 10 * size)
    }
}
