// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Stackless: closing channels` {
    /// Stackless's test_channel.py, TestClose.testSender and testReceiver.
    @Test(arguments: Configuration.all)
    func `No tasklet may wait on a closed channel until it is opened`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            channel.close()
            let errors = [
                await schedulerError { try await channel.send(1) }?.code,
                await schedulerError { _ = try await channel.receive() }?.code,
            ]
            let closed = [channel.isClosing, channel.isClosed]
            channel.open()
            return (errors, closed, [channel.isClosing, channel.isClosed])
        }
        #expect(outcome.0 == [.channelClosed, .channelClosed])
        #expect(outcome.1 == [true, true])
        #expect(outcome.2 == [false, false])
    }

    /// Stackless's TestClose.testSequence2.
    @Test(arguments: Configuration.all)
    func `A sequence ends its receiver's loop with an error, and closes the channel`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let count = Box(0)
            let received = Box<[Int]>([])
            let error = Box<(any Error)?>(nil)
            Tasklet.spawn {
                count.value = try await channel.send(contentsOf: 0..<10)
                try await channel.send(throwing: Failure("end"))
                channel.close()
            }
            let receiver = Tasklet.spawn {
                error.value = await failure { for try await n in channel { received.update { $0.append(n) } } }
            }
            try await Tasklet.runAll()
            return (received.value, count.value, error.value as? Failure, receiver.flags, channel.isClosed)
        }
        #expect(outcome.0 == Array(0..<10))
        #expect(outcome.1 == 10)
        #expect(outcome.2 == Failure("end"))
        #expect(outcome.3 == "")
        #expect(outcome.4)
    }

    /// Stackless's test_channel.py, TestClose.testIterator.
    @Test(arguments: Configuration.all)
    func `Iteration over a closed channel ends at once`(configuration: Configuration) async throws {
        let count = try await configuration.run {
            let channel = Channel<Int>()
            channel.close()
            var count = 0
            for try await _ in channel { count += 1 }
            return count
        }
        #expect(count == 0)
    }
}
