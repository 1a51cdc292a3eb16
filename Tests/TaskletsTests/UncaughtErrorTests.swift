// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// An error that no tasklet caught comes out of main's suspension.
@Suite struct `Uncaught errors` {
    enum Suspension: String, CaseIterable, Sendable {
        case receive, send, join, sleep, schedule
    }

    @Test(arguments: Configuration.all, Suspension.allCases)
    func `An uncaught error comes out of whatever main waits for`(
        configuration: Configuration,
        suspension: Suspension
    ) async throws {
        let (error, state) = try await configuration.run {
            let channel = Channel<Int>()
            let other = Channel<Int>()
            let patient = Tasklet.spawn { _ = try await other.receive() }
            Tasklet.spawn { throw Failure("mumbai") }
            let error = await failure {
                switch suspension {
                case .receive: _ = try await channel.receive()
                case .send: try await channel.send(1)
                case .join: try await patient.join()
                case .sleep: try await Tasklet.sleep(for: .seconds(3600))
                case .schedule: while true { try await Tasklet.schedule() }
                }
            }
            // Main is in no queue any more, and everything works.
            let state = (channel.balance, patient.isAlive)
            while other.balance == 0 { try await Tasklet.schedule() }
            try await other.send(1)
            try await patient.join()
            return (error as? Failure, state)
        }
        #expect(error == Failure("mumbai"))
        #expect(state == (0, true))
    }

    @Test(arguments: Configuration.ordered)
    func `Main gets an uncaught error ahead of all runnable tasklets`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn {
                log.add("1")
                try await Tasklet.schedule()
                log.add("1")
            }
            Tasklet.spawn { throw Failure("2") }
            Tasklet.spawn { log.add("3") }
            do { _ = try await channel.receive() } catch { log.add("main") }
            try await Tasklet.schedule()
            log.add("main")
        }
        #expect(log.text == "1 main 3 1 main")
    }

    @Test(arguments: Configuration.ordered)
    func `Main in the run queue gets an uncaught error ahead of its turn`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            Tasklet.spawn { throw Failure("1") }
            Tasklet.spawn { log.add("2") }
            do { try await Tasklet.schedule() } catch { log.add("main") }
            try await Tasklet.schedule()
            log.add("main")
        }
        #expect(log.text == "main 2 main")
    }

    @Test(arguments: Configuration.ordered, Suspension.allCases)
    func `An error that arrives while the runtime has suspended main is thrown at the next suspension`(
        configuration: Configuration,
        suspension: Suspension
    ) async throws {
        let caught = Box<(any Error)?>(nil)
        _ = try await configuration.failure {
            let channel = Channel<Int>()
            // Runnable all the while, so that main is never alone in the run queue.
            let other = Tasklet.spawn { for _ in 0..<10 { try await Tasklet.schedule() } }
            await withCheckedContinuation { continuation in
                Tasklet.spawn {
                    continuation.resume()
                    throw Failure("meanwhile")
                }
            }
            caught.value = await failure {
                switch suspension {
                case .receive: _ = try await channel.receive()
                case .send: try await channel.send(1)
                case .join: try await other.join()
                case .sleep: try await Tasklet.sleep(for: .microseconds(1))
                case .schedule: for _ in 0..<3 { try await Tasklet.schedule() }
                }
            }
        }
        #expect(caught.value as? Failure == Failure("meanwhile"))
    }
}
