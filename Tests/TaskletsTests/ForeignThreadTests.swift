// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Tasklets
import TestSupport
import Testing

@Suite struct `Wake-ups from other threads` {
    @Test(arguments: Configuration.all)
    func `A continuation may be resumed from a Dispatch queue of the program's own`(
        configuration: Configuration
    ) async throws {
        let rounds = try await configuration.run {
            let queue = DispatchQueue(label: "the program's own")
            var rounds = 0
            for _ in 0..<500 {
                await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
                rounds += 1
            }
            return rounds
        }
        #expect(rounds == 500)
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `Synchronous code may wait while others sleep and await tasks`(configuration: Configuration) async throws {
        let sum = try await configuration.run {
            let numbers = Channel<Int>("numbers")
            let others = (0..<4).map { _ in
                Tasklet.spawn {
                    for _ in 0..<25 {
                        try await Tasklet.sleep(for: .microseconds(20))
                        await Task.detached {}.value
                    }
                }
            }
            let receiver = Tasklet.spawn {
                let received = try (0..<100).map { _ in try numbers.receiveNow() }
                try await numbers.send(received.reduce(0, +))
            }
            for number in 0..<100 { try await numbers.send(number) }
            let sum = try await numbers.receive()
            for tasklet in others + [receiver] { try await tasklet.join() }
            return sum
        }
        #expect(sum == 4950)
    }

    private actor Bed {
        func sleep() async throws { try await Tasklet.sleep(for: .microseconds(200)) }
    }

    @Test(arguments: Configuration.all)
    func `A tasklet may sleep on an actor`(configuration: Configuration) async throws {
        let elapsed = try await configuration.run {
            let start = ContinuousClock.now
            let bed = Bed()
            let sleepers = (0..<3).map { _ in Tasklet.spawn { try await bed.sleep() } }
            try await bed.sleep()
            for sleeper in sleepers { try await sleeper.join() }
            return ContinuousClock.now - start
        }
        #expect(elapsed >= .microseconds(200))
    }
}

extension Channel {
    /// The synchronous operation, which an async closure cannot name.
    fileprivate func receiveNow() throws -> Element { try receive() }
}
