// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Writes that fit into the socket's buffer.
@Suite struct `Operations that need not wait` {
    /// How often `main` switches, and another tasklet has a turn, in a number of one-byte writes.
    private func writes(_ count: Int, _ configuration: Configuration) async throws -> (switches: UInt64, turns: Int) {
        let scheduler = try configuration.makeScheduler()
        return try await onItsOwnThread {
            try scheduler.run {
                let connection = try await Connection.open()
                let turns = Box(0)
                let other = Tasklet.spawn {
                    while true {
                        turns.update { $0 += 1 }
                        try await Tasklet.schedule()
                    }
                }
                let before = scheduler.counters.causes[.schedule, default: 0]
                for _ in 0..<count { try await connection.client.write([1]) }
                let switches = scheduler.counters.causes[.schedule, default: 0] - before
                try await other.kill()
                connection.close()
                return (switches, turns.value)
            }
        }
    }

    @Test(arguments: Configuration.ordered)
    func `Keep the processor when there are few`(configuration: Configuration) async throws {
        let (switches, turns) = try await writes(20, configuration)
        // One yield, and the other tasklet's, at most: when they begin, a poll may be due soon.
        #expect(switches <= 2)
        #expect(turns <= 1)
    }

    @Test(arguments: Configuration.ordered)
    func `Give way now and then when there are many`(configuration: Configuration) async throws {
        #expect(try await writes(2_000, configuration).turns >= 10)
    }
}
