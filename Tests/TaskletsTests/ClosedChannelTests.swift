// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Closed channels` {
    @Test(arguments: Configuration.all)
    func `Closing refuses operations that would wait, and opening allows them again`(configuration: Configuration)
        async throws
    {
        let outcome = try await configuration.run {
            let channel = Channel<Int>("numbers")
            channel.close()
            let states = [channel.isClosing, channel.isClosed]
            let errors = [
                await schedulerError { try await channel.send(1) },
                await schedulerError { try await channel.send(throwing: Failure("")) },
                await schedulerError { _ = try await channel.receive() },
            ]
            let balance = channel.balance
            channel.open()
            let later = [channel.isClosing, channel.isClosed]
            Tasklet.spawn { try await channel.send(2) }
            return (states, errors, balance, later, try await channel.receive())
        }
        #expect(outcome.0 == [true, true])
        #expect(outcome.1.map { $0?.code } == [.channelClosed, .channelClosed, .channelClosed])
        #expect(outcome.1.allSatisfy { $0?.message.contains("'numbers'") == true })
        #expect(outcome.2 == 0)
        #expect(outcome.3 == [false, false])
        #expect(outcome.4 == 2)
    }

    @Test(arguments: Configuration.all)
    func `Tasklets waiting when a channel is closed are still served`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            for n in [1, 2] {
                Tasklet.spawn { try await channel.send(n) }
                while channel.balance < n { try await Tasklet.schedule() }
            }
            channel.close()
            let before = (channel.isClosing, channel.isClosed)
            let values = [try await channel.receive(), try await channel.receive()]
            return (before, values, channel.isClosed, await schedulerError { _ = try await channel.receive() }?.code)
        }
        #expect(outcome.0 == (true, false))
        #expect(outcome.1 == [1, 2])
        #expect(outcome.2)
        #expect(outcome.3 == .channelClosed)
    }

    @Test(arguments: Configuration.all)
    func `Closing wakes no tasklet`(configuration: Configuration) async throws {
        let received = Box(0)
        let stillWaits = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn { received.value = try await channel.receive() }
            while channel.balance == 0 { try await Tasklet.schedule() }
            channel.close()
            for _ in 0..<10 { try await Tasklet.schedule() }
            let stillWaits = channel.balance == -1 && !channel.isClosed
            try await channel.send(3)
            return stillWaits
        }
        #expect(stillWaits)
        #expect(received.value == 3)
    }

    @Test(arguments: Configuration.all)
    func `Iteration over a closed channel takes what waits, and stops`(configuration: Configuration) async throws {
        let received = try await configuration.run {
            let channel = Channel<Int>()
            for n in 1...5 {
                Tasklet.spawn { try await channel.send(n) }
                while channel.balance < n { try await Tasklet.schedule() }
            }
            channel.close()
            var received: [Int] = []
            for try await n in channel { received.append(n) }
            for try await n in channel { received.append(n) }
            return received
        }
        #expect(received == [1, 2, 3, 4, 5])
    }

    @Test(arguments: Configuration.all)
    func `An iteration throws the error of a closed channel where that was sent`(
        configuration: Configuration
    ) async throws {
        for capacity in [0, 2] {
            let message = try await configuration.run {
                let channel = Channel<Int>(capacity: capacity)
                Tasklet.spawn { try await channel.send(throwing: SchedulerError(.channelClosed, "sent")) }
                while channel.balance + channel.bufferedCount == 0 { try await Tasklet.schedule() }
                // Then the error is the last that is left.
                channel.close()
                return await schedulerError { for try await _ in channel {} }?.message
            }
            #expect(message == "sent")
        }
    }

    /// Main gets the errors that other tasklets do not catch.
    @Test(arguments: Configuration.all)
    func `An iteration throws the error of a tasklet that waited where another channel was closed`(
        configuration: Configuration
    ) async throws {
        let code = try await configuration.run {
            let (jobs, results) = (Channel<Int>(capacity: 1), Channel<Int>(capacity: 1))
            Tasklet.spawn { _ = try await jobs.receive() }
            Tasklet.spawn {
                try await yieldUntil { jobs.balance < 0 && results.balance < 0 }
                jobs.close()
            }
            return await schedulerError { for try await _ in results {} }?.code
        }
        #expect(code == .channelClosed)
    }

    @Test(arguments: Configuration.all)
    func `Closing a channel with a buffer ends the iteration that waits there`(
        configuration: Configuration
    ) async throws {
        let sum = try await configuration.run {
            let channel = Channel<Int>(capacity: 2)
            let sums = Channel<Int>()
            Tasklet.spawn {
                var sum = 0
                for try await n in channel { sum += n }
                try await sums.send(sum)
            }
            try await channel.send(contentsOf: 1...5)
            while channel.balance == 0 { try await Tasklet.schedule() }
            channel.close()
            return try await sums.receive()
        }
        #expect(sum == 15)
    }

    @Test(arguments: Configuration.all)
    func `Closing while a tasklet iterates ends the iteration, or leaves it waiting`(
        configuration: Configuration
    ) async throws {
        for _ in 0..<100 {
            let error = try await configuration.run {
                let channel = Channel<Int>()
                Tasklet.spawn {
                    try await channel.send(contentsOf: 0..<3)
                    channel.close()
                }
                return await schedulerError { for try await _ in channel {} }
            }
            // Closing wakes no tasklet: one that waits by now waits forever.
            #expect(error == nil || error?.code == .deadlock)
        }
    }
}
