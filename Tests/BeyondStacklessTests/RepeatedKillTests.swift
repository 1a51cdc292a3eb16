// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// An error is thrown into a tasklet that is just throwing another.
@Suite struct `Repeated kills` {
    @Test(arguments: Configuration.all)
    func `A tasklet survives all kills that it catches`(configuration: Configuration) async throws {
        let hasEnded = Box(false)
        let deaths = Counter()
        try await configuration.run {
            let channel = Channel<Int>()
            let victim = Tasklet.spawn {
                while !hasEnded.value {
                    do { _ = try await channel.receive(until: .now + .milliseconds(1)) } catch is TaskletExit {
                        deaths.add()
                    }
                }
            }
            // A tasklet killed before it has started does not start.
            while !victim.isBlocked { try await Tasklet.schedule() }
            let killers = (0..<3).map { _ in
                Tasklet.spawn {
                    for _ in 0..<2000 {
                        try await victim.kill(pending: true)
                        try await Tasklet.schedule()
                    }
                }
            }
            for killer in killers { try await killer.join() }
            while deaths.value == 0 {
                try await victim.kill(pending: true)
                try await Tasklet.schedule()
            }
            hasEnded.value = true
        }
        #expect(deaths.value > 0)
    }
}
