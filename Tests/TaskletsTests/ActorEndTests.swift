// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// The compiler leaves out the way back from an actor where nothing follows it; so a body may end in the actor's job.
@Suite struct `Tasklets that end with an error straight out of an actor` {
    actor Thrower {
        private(set) var calls = 0

        func throwAfterYielding() async throws {
            calls += 1
            try await Tasklet.schedule()
            throw Failure("out of an actor")
        }

        func receive(from channel: Channel<Int>) async throws {
            calls += 1
            _ = try await channel.receive()
        }

        func pause() async throws {
            calls += 1
            try await Tasklet.scheduleRemove()
        }
    }

    /// Runs `count` tasklets with that body one after the other, and returns their errors.
    private static func endings(
        _ count: Int,
        _ act: @escaping @Sendable (Tasklet) async throws -> Void = { _ in },
        of body: @escaping @Sendable () async throws -> Void
    ) async -> [any Error] {
        var errors: [any Error] = []
        for _ in 0..<count {
            let error = await failure {
                let tasklet = Tasklet.spawn("ending", body)
                try await act(tasklet)
                try await tasklet.join()
                // The tasklet may have ended before the join, on another thread: then its error is still to be thrown.
                try await Tasklet.schedule()
            }
            if let error { errors.append(error) }
        }
        return errors
    }

    @Test(arguments: Configuration.all)
    func `By an error of its own`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let thrower = Thrower()
            let errors = await Self.endings(20) { try await thrower.throwAfterYielding() }
            return (errors.count, errors.allSatisfy { $0 as? Failure == Failure("out of an actor") })
        }
        #expect(outcome == (20, true))
    }

    @Test(arguments: Configuration.all)
    func `By an error that it receives there`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let thrower = Thrower()
            let channel = Channel<Int>()
            let errors = await Self.endings(20, { _ in try await channel.send(throwing: Failure("sent")) }) {
                try await thrower.receive(from: channel)
            }
            return (errors.count, errors.allSatisfy { $0 as? Failure == Failure("sent") })
        }
        #expect(outcome == (20, true))
    }

    @Test(arguments: Configuration.all)
    func `By being killed while it receives, or is paused, there`(configuration: Configuration) async throws {
        let calls = try await configuration.run {
            let thrower = Thrower()
            let channel = Channel<Int>()
            let killing: @Sendable (Tasklet) async throws -> Void = { tasklet in
                while channel.balance == 0, !tasklet.isPaused { try await Tasklet.schedule() }
                try await tasklet.kill()
            }
            _ = await Self.endings(10, killing) { try await thrower.receive(from: channel) }
            _ = await Self.endings(10, killing) { try await thrower.pause() }
            return await thrower.calls
        }
        #expect(calls == 20)
    }

    @Test(arguments: Configuration.all)
    func `While other tasks use the actor`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let thrower = Thrower()
            let others = (0..<2).map { _ in Task.detached { for _ in 0..<200 { _ = await thrower.calls } } }
            let errors = await Self.endings(50) { try await thrower.throwAfterYielding() }
            for other in others { await other.value }
            return errors.count
        }
        #expect(outcome == 50)
    }
}
