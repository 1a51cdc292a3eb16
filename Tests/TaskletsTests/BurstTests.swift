// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `A burst of tasklets` {
    private static let count = 50_000

    @Test(.tags(.slow), arguments: Configuration.ordered.filter { $0.switching != .hard })
    func `Leaves no memory behind once the scheduler has had nothing to do`(configuration: Configuration) async throws {
        let left = try await configuration.run {
            let channel = Channel<Int>()
            for _ in 0..<Self.count { Tasklet.spawn { _ = try await channel.receive() } }
            while channel.balance > -Self.count { try await Tasklet.schedule() }
            let atPeak = slabCount
            for number in 0..<Self.count { try await channel.send(number) }
            while Tasklet.runCount > 1 { try await Tasklet.schedule() }
            let idleBefore = idleTaskCount
            // Each time it has nothing to do, it ends some.
            while idleTaskCount > TaskPool.mostIdle { try await Tasklet.sleep(for: .microseconds(1)) }
            return (atPeak, slabCount, idleBefore, idleTaskCount, endedSurplus)
        }
        let (atPeak, slabs, idleBefore, idle, ended) = left
        #expect(atPeak > 5)
        // The current one, the main tasklet's, and as many in reserve.
        #expect(slabs <= 4)
        #expect(idleBefore == Self.count)
        #expect(idle == TaskPool.mostIdle)
        // The allocator has been told.
        #expect(ended == 0)
    }

    @Test(.tags(.slow), arguments: Configuration.ordered.filter { $0.switching == .soft })
    func `Leaves none behind that another thread has dropped`(configuration: Configuration) async throws {
        let dropper = ForeignThread()
        let slabs = try await configuration.run {
            let tasklets = Guarded((0..<Self.count).map { _ in Tasklet.spawn {} })
            while Tasklet.runCount > 1 { try await Tasklet.schedule() }
            let atPeak = slabCount
            dropper.perform { tasklets.withLock { $0.removeAll() } }
            try await Tasklet.sleep(for: .microseconds(1))
            return (atPeak, slabCount)
        }
        #expect(slabs.0 > 5)
        #expect(slabs.1 <= 4)
    }

    @Test(arguments: Configuration.all)
    func `Is dropped by another thread while its scheduler makes more`(configuration: Configuration) async throws {
        let count = configuration.isThreadPerTasklet ? 50 : 2000
        let sum = Counter()
        let dropper = ForeignThread()
        try await configuration.run {
            for _ in 0..<10 {
                let tasklets = Guarded((0..<count).map { number in Tasklet.spawn { sum.add(number) } })
                while Tasklet.runCount > 1 { try await Tasklet.schedule() }
                dropper.start { tasklets.withLock { $0.removeAll() } }
            }
        }
        #expect(sum.value == 10 * count * (count - 1) / 2)
    }
}

/// How many slabs the calling tasklet's scheduler has for tasklets.
private var slabCount: Int { lookAtState { $0.records.slabCount } }

/// How many of its tasks wait for a body.
private var idleTaskCount: Int { lookAtState { $0.taskPool.idleCount } }

/// How many of its tasks have ended whose memory the allocator still keeps.
private var endedSurplus: Int { lookAtState { $0.taskPool.endedSurplus } }

private func lookAtState(_ look: (SchedulerState) -> Int) -> Int {
    guard let core = Tasklet.scheduler as? SchedulerCore else { return -1 }
    return core.withLock { look(core.state.pointee) }
}
