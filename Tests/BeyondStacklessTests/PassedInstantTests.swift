// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// By the clock that instants are read from, now has passed once it has been read.
@Suite struct `An instant that has just passed` {
    @Test(arguments: Configuration.all)
    func `No tasklet waits for it`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let number = OneShot<Int>()
            let before = Tasklet.scheduler.counters.total
            var results: [Bool] = []
            for _ in 0..<20 {
                results.append(try await channel.receive(until: .now) == nil)
                results.append(try await !channel.send(1, until: .now))
                results.append(try await Tasklet.select(channel.onReceive(), until: .now) == nil)
                results.append(try await number.value(until: .now) == nil)
            }
            return (results, Tasklet.scheduler.counters.total - before)
        }
        #expect(outcome.0.allSatisfy { $0 })
        #expect(outcome.1 == 0)
    }
}
