// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `The order of turns` {
    @Test(arguments: Configuration.ordered)
    func `A tasklet spawned by a tasklet comes last in the turn`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            Tasklet.spawn {
                Tasklet.spawn { log.add("child") }
                log.add("1")
                try await Tasklet.schedule()
                log.add("1")
            }
            Tasklet.spawn { log.add("2") }
            try await Tasklet.schedule()
            log.add("m")
        }
        // Main is in the run queue already when the child is spawned.
        #expect(log.text == "1 2 m child 1")
    }

    @Test(arguments: Configuration.ordered)
    func `A hundred tasklets yield a hundred times in strict rotation`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            for index in 0..<100 {
                Tasklet.spawn {
                    for _ in 0..<100 {
                        log.add("\(index)")
                        try await Tasklet.schedule()
                    }
                }
            }
        }
        #expect(log.all == (0..<10_000).map { "\($0 % 100)" })
    }

    @Test(arguments: Configuration.ordered)
    func `The current tasklet counts as runnable and a blocked one does not`(configuration: Configuration) async throws
    {
        let counts = try await configuration.run {
            var counts = [Tasklet.runCount]
            let channel = Channel<Void>()
            let inside = Box(0)
            Tasklet.spawn {
                inside.value = Tasklet.runCount
                try await channel.receive()
            }
            counts.append(Tasklet.runCount)
            try await Tasklet.schedule()
            counts += [inside.value, Tasklet.runCount]
            try await channel.send(())
            return counts
        }
        #expect(counts == [1, 2, 2, 1])
    }

    @Test(arguments: Configuration.ordered)
    func `A joiner runs after all tasklets that were runnable when the joined one ended`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let first = Tasklet.spawn { log.add("first") }
            for name in ["j1", "j2"] {
                Tasklet.spawn {
                    try await first.join()
                    log.add(name)
                }
            }
            Tasklet.spawn {
                try await Tasklet.schedule()
                log.add("other")
            }
            try await first.join()
            log.add("m")
        }
        // Main was the first to join; the others found it ended and continued.
        #expect(log.text == "first j1 j2 m other")
    }
}
