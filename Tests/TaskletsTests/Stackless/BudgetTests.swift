// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Stackless counts the interpreter's instructions; here tasklets count their own checkpoints.
@Suite struct `Stackless: budgets` {
    /// Stackless's test_miscell.py, TestWatchdog.lifecycle.
    @Test(arguments: Configuration.all)
    func `A tasklet that overruns its budget is handed to the caller of runAll, and may continue`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let main = Tasklet.current
            let checkpoints = Counter()
            let stopped = Box(false)
            let busy = Tasklet.spawn {
                // Where several run at once, it would not have a budget before.
                try await yieldUntil { main.isPaused }
                while !stopped.value {
                    try await Tasklet.checkpoint()
                    checkpoints.add()
                }
            }
            let returned = try await Tasklet.runAll(budget: 10)
            let interrupted = (returned == busy, busy.flags, checkpoints.value)
            stopped.value = true
            try busy.insert()
            let last = try await Tasklet.runAll()
            return (interrupted, last, busy.flags, checkpoints.value)
        }
        #expect(outcome.0 == (true, "alive paused", 10))
        #expect(outcome.1 == nil)
        #expect(outcome.2 == "")
        #expect(outcome.3 == 11)
    }

    /// A tasklet that blocks hard needs a stack for the loop once the loop is due; here sleepers occupy all stacks.
    @Test(arguments: Configuration.all)
    func `A tasklet that is the first to need another stack at a checkpoint is handed over, too`(
        configuration: Configuration
    ) async throws {
        let interrupted = try await configuration.run {
            let main = Tasklet.current
            let waiting = (0..<9).map { _ in Tasklet.spawn { try await Tasklet.sleep(for: .seconds(3_600)) } }
            try await yieldUntil { Tasklet.runCount == 1 }
            // Until the loop is due at every switch, where it is due after as many switches as there are tasklets.
            for _ in 0..<100 { try await Tasklet.schedule() }
            let busy = Tasklet.spawn {
                // Where one runs at a time, its first switch has to be the one at the checkpoint.
                if !Tasklet.scheduler.isOrdered { try await yieldUntil { main.isPaused } }
                for _ in 0..<20 { try await Tasklet.checkpoint() }
            }
            let returned = try await Tasklet.runAll(budget: 10)
            try returned?.insert()
            try await busy.join()
            for tasklet in waiting { try await tasklet.kill() }
            return returned == busy
        }
        #expect(interrupted)
    }

    /// Three tasklets make 1,000 checkpoints each, with a budget of 100.
    ///
    /// A tasklet that overruns is inserted again. Returns how many runs that took, and whether all have ended.
    private static func countRuns(
        giveWay: @escaping @Sendable (_ checkpoint: Int) async throws -> Void
    ) async throws -> (runs: Int, allEnded: Bool) {
        let main = Tasklet.current
        let tasklets = (0..<3).map { _ in
            Tasklet.spawn {
                try await yieldUntil { main.isPaused }
                for n in 1...1000 {
                    try await Tasklet.checkpoint()
                    try await giveWay(n)
                }
            }
        }
        var runs = 1
        while let overrun = try await Tasklet.runAll(budget: 100) {
            try overrun.insert()
            runs += 1
        }
        return (runs, tasklets.allSatisfy { !$0.isAlive })
    }

    /// Stackless's test_watchdog.py, test_tasklet_with_schedule.
    @Test(arguments: Configuration.ordered)
    func `A budget counts from when a tasklet last got the processor`(configuration: Configuration) async throws {
        let selfish = try await configuration.run { try await Self.countRuns { _ in } }
        let polite = try await configuration.run {
            try await Self.countRuns { if $0.isMultiple(of: 50) { try await Tasklet.schedule() } }
        }
        // The 101st checkpoint since a tasklet last got the processor is one too many, nine times in a thousand.
        #expect(selfish == (3 * 9 + 1, true))
        #expect(polite == (1, true))
    }

    /// The same where several run at once: a tasklet that sleeps is sure to leave the processor.
    @Test(arguments: Configuration.all)
    func `Tasklets that give way need fewer runs than others`(configuration: Configuration) async throws {
        let selfish = try await configuration.run { try await Self.countRuns { _ in } }
        let polite = try await configuration.run {
            try await Self.countRuns {
                if $0.isMultiple(of: 50) { try await Tasklet.sleep(for: .microseconds(1)) }
            }
        }
        #expect(selfish.runs > polite.runs)
        #expect(polite.runs == 1)
        #expect(selfish.allEnded)
        #expect(polite.allEnded)
    }

    /// Stackless's `set_atomic`.
    @Test(arguments: Configuration.all)
    func `An atomic tasklet is interrupted at the first checkpoint after its atomic section`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let main = Tasklet.current
            let checkpoints = Counter()
            let stopped = Box(false)
            let busy = Tasklet.spawn {
                try await yieldUntil { main.isPaused }
                Tasklet.current.isAtomic = true
                while !stopped.value {
                    try await Tasklet.checkpoint()
                    checkpoints.add()
                    if checkpoints.value == 50 { Tasklet.current.isAtomic = false }
                }
            }
            let returned = try await Tasklet.runAll(budget: 10)
            let interrupted = (returned == busy, busy.flags, checkpoints.value)
            stopped.value = true
            try busy.insert()
            try await Tasklet.runAll()
            return (interrupted, busy.flags)
        }
        #expect(outcome.0 == (true, "alive paused", 50))
        #expect(outcome.1 == "")
    }

    /// Stackless's `atomic` is inherited, too.
    @Test(arguments: Configuration.all)
    func `A new tasklet is atomic if its creator is`(configuration: Configuration) async throws {
        let flags = try await configuration.run {
            var flags: [Bool] = []
            for isAtomic in [false, true] {
                Tasklet.current.isAtomic = isAtomic
                let tasklets = [Tasklet {}, Tasklet.spawn {}]
                flags += tasklets.map(\.isAtomic)
                for tasklet in tasklets { try await tasklet.kill() }
            }
            return flags
        }
        #expect(flags == [false, false, true, true])
    }

    /// Without a budget a checkpoint does nothing.
    @Test(arguments: Configuration.ordered)
    func `Checkpoints without a budget neither switch nor end`(configuration: Configuration) async throws {
        let counters = try await configuration.counters {
            Tasklet.spawn {}
            for _ in 0..<1000 { try await Tasklet.checkpoint() }
        }
        // Main's end, after which the tasklet runs.
        #expect(counters.total == 1)
    }
}
