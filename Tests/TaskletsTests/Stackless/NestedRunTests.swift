// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Several tasklets may call runAll at a time; the last to call continues first.
@Suite struct `Stackless: nested runs` {
    /// Stackless's test_watchdog.py, test_inner_run_completes_first.
    @Test(arguments: Configuration.all)
    func `The inner of two runs returns first, while main is still paused in the outer`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let done = Counter()
            let seen = Box<[String]>([])
            let main = Tasklet.current
            Tasklet.spawn {
                try await Tasklet.schedule()
                done.add()
            }
            Tasklet.spawn {
                // Where several run at once, main's run could be the later one.
                try await yieldUntil { main.isPaused }
                try await Tasklet.runAll()
                seen.value = ["\(done.value)", main.flags]
                done.add()
            }
            try await Tasklet.runAll()
            return (seen.value, done.value)
        }
        #expect(outcome.0 == ["1", "alive paused"])
        #expect(outcome.1 == 2)
    }

    /// Stackless's test_watchdog.py, test_run_from_worker_main_blocked.
    @Test(arguments: Configuration.all)
    func `A tasklet may call runAll while main is blocked`(configuration: Configuration) async throws {
        let done = try await configuration.run {
            let done = Counter()
            let channel = Channel<Int>()
            Tasklet.spawn {
                try await yieldUntil { channel.balance == -1 }
                done.add()
            }
            Tasklet.spawn {
                try await yieldUntil { channel.balance == -1 }
                try await Tasklet.runAll()
                done.add()
                try await channel.send(done.value)
            }
            return try await channel.receive()
        }
        #expect(done == 2)
    }

    /// Stackless's test_watchdog.py, test_inner_run_gets_error.
    @Test(arguments: Configuration.all)
    func `An uncaught error comes out of the inner run, and not of the outer`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let inner = Box<(any Error)?>(nil)
            let main = Tasklet.current
            Tasklet.spawn {
                try await yieldUntil { main.isPaused }
                let runner = Tasklet.current
                Tasklet.spawn {
                    try await yieldUntil { runner.isPaused }
                    throw Failure("foo")
                }
                inner.value = await failure { try await Tasklet.runAll() }
            }
            let outer = await failure { try await Tasklet.runAll() }
            return (inner.value as? Failure, outer == nil)
        }
        #expect(outcome == (Failure("foo"), true))
    }

    /// Stackless's test_watchdog.py, test_manual_wakeup.
    @Test(arguments: Configuration.ordered)
    func `A tasklet that runs the outer one by hand wakes the inner one, too`(configuration: Configuration) async throws
    {
        let counts = try await configuration.run {
            let done = Counter()
            let main = Tasklet.current
            Tasklet.spawn {
                try await Tasklet.schedule()
                done.add()
            }
            Tasklet.spawn {
                Tasklet.spawn {
                    try await main.run()
                    done.add()
                }
                try await Tasklet.runAll()
                done.add()
            }
            try await Tasklet.runAll()
            let early = done.value
            try await Tasklet.runAll()
            return [early, done.value]
        }
        #expect(counts == [1, 3])
    }

    /// Stackless's test_watchdog.py, test_main_exiting.
    @Test(arguments: Configuration.ordered)
    func `A run does not return while main is runnable, and may be killed`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let done = Counter()
            let runner = Tasklet.spawn {
                try await Tasklet.runAll()
                done.add()
            }
            for _ in 0..<3 { try await Tasklet.schedule() }
            try await Tasklet.runAll()
            let flags = runner.flags
            try await runner.kill()
            return (flags, runner.flags, done.value)
        }
        #expect(outcome == ("alive paused", "", 0))
    }
}
