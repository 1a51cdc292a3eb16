// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Callbacks that close the channel on which a tasklet is about to wait.
@Suite struct `Callbacks that close channels` {
    @Test(arguments: Configuration.all)
    func `A schedule callback ends the wait of the tasklet that is leaving`(configuration: Configuration) async throws {
        let code = try await configuration.run {
            let channel = Channel<Int>(capacity: 1)
            Tasklet.scheduler.scheduleCallback = { _, _ in channel.close() }
            let code = await Self.code { _ = try await channel.receive(until: .now + .seconds(3600)) }
            Tasklet.scheduler.scheduleCallback = nil
            try await Tasklet.sleep(for: .milliseconds(1))
            return code
        }
        #expect(code == .channelClosed)
    }

    /// The callback runs between the decision to block the thread and the blocking: the wake-up must not get lost
    /// there.
    @Test(arguments: Configuration.waitingSynchronously)
    func `It does so in synchronous code, too`(configuration: Configuration) async throws {
        let code = try await configuration.run {
            // While a deadline is pending, the wait is no deadlock.
            let sleeper = Tasklet.spawn { try await Tasklet.sleep(for: .seconds(3600)) }
            try await Tasklet.schedule()
            let channel = Channel<Int>(capacity: 1)
            Tasklet.scheduler.scheduleCallback = { _, _ in channel.close() }
            let code = await Self.code { _ = try [0].map { _ in try channel.receive() } }
            Tasklet.scheduler.scheduleCallback = nil
            try await sleeper.kill()
            return code
        }
        #expect(code == .channelClosed)
    }

    @Test(arguments: Configuration.all)
    func `A channel callback ends a select before it waits`(configuration: Configuration) async throws {
        let code = try await configuration.run {
            let channel = Channel<Int>(capacity: 1)
            Tasklet.scheduler.channelCallback = { _ in channel.close() }
            let code = await Self.code { _ = try await Tasklet.select(channel.onReceive()) }
            Tasklet.scheduler.channelCallback = nil
            return code
        }
        #expect(code == .channelClosed)
    }

    private static func code(of body: () async throws -> Void) async -> SchedulerError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? SchedulerError)?.code
        }
    }
}
