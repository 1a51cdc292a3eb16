// SPDX-License-Identifier: Apache-2.0

import CClock
import Glibc
import Tasklets
import TestSupport
import Testing

/// The continuous clock runs on while the machine sleeps; the clocks that the kernel and the libraries wait by do not.
///
/// Each test has a process of its own, whose continuous clock jumps.
@Suite(.serialized) struct `When the machine has slept` {
    @Test func `Deadlines come as they did before`() async {
        await #expect(processExitsWith: .success) {
            // If they came an hour late, this would end the process.
            alarm(60)
            for configuration in Configuration.all {
                try await configuration.run {
                    let waits = Waits()
                    try await waits.waitEverywhere()
                    clock_jump(3600)
                    try await waits.waitEverywhere()
                }
            }
        }
    }

    @Test func `A deadline that has passed meanwhile is seen when its scheduler next looks at the time`() async {
        await #expect(processExitsWith: .success) {
            alarm(60)
            // A thread that sleeps on its own looks once a minute.
            for configuration in Configuration.all where !configuration.isThreadPerTasklet {
                try await configuration.run {
                    let sleeper = Tasklet.spawn { try await Tasklet.sleep(for: .seconds(3000)) }
                    let earlier = Tasklet.spawn { try await Tasklet.sleep(for: .seconds(2000)) }
                    try await yieldUntil { !sleeper.isRunnable && !earlier.isRunnable }
                    clock_jump(3600)
                    try await Tasklet.sleep(for: .milliseconds(1))
                    try await sleeper.join()
                    try await earlier.join()
                }
            }
        }
    }
}

/// Waits with deadlines, of every kind.
private actor Waits {
    func sleepHere() async throws { try await Tasklet.sleep(for: .milliseconds(1)) }

    nonisolated func waitEverywhere() async throws {
        let channel = Channel<Int>()
        try #require(try await channel.receive(until: soon) == nil)
        try #require(try await !channel.send(1, until: soon))
        try #require(try await Tasklet.select(channel.onReceive(), until: soon) == nil)
        try #require(try await OneShot<Int>().value(until: soon) == nil)
        try await Tasklet.sleep(until: soon)
        try await Tasklet.sleep(for: .milliseconds(1))
        try await sleepHere()
    }

    private nonisolated var soon: ContinuousClock.Instant { .now + .milliseconds(1) }
}
