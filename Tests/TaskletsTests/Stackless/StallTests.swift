// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Stackless: deadlocks` {
    /// Stackless's test_watchdog.py, test_lone_receive.
    @Test(arguments: Configuration.all)
    func `Running all leaves blocked tasklets where they are, without an error`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let tasklet = Tasklet.spawn { _ = try await Channel<Int>().receive() }
            let returned = try await Tasklet.runAll()
            let flags = tasklet.flags
            try await tasklet.kill()
            return (returned, flags, tasklet.flags)
        }
        #expect(outcome == (nil, "alive blocked", ""))
    }

    /// Stackless's test_watchdog.py, testReceiveOnMain, and test_channel.py, testMainTaskletBlockingWithoutASender.
    @Test(arguments: Configuration.all, [false, true])
    func `Main alone may not wait, and continues`(configuration: Configuration, sends: Bool) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let error = await schedulerError {
                if sends { try await channel.send(1) } else { _ = try await channel.receive() }
            }
            return (error, channel.balance, Tasklet.current.flags, Tasklet.runCount)
        }
        #expect(outcome.0?.code == .deadlock)
        #expect(outcome.0?.message.contains("Deadlock") == true)
        #expect(outcome.1 == 0)
        #expect(outcome.2 == "alive runnable")
        #expect(outcome.3 == 1)
    }

    /// Stackless's test_watchdog.py, test_main_receiving_endttasklet and test_main_sending_enddtasklet.
    @Test(arguments: Configuration.all, [false, true])
    func `Main waits in vain when the last runnable tasklet ends`(
        configuration: Configuration,
        sends: Bool
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn { try await yieldUntil { channel.balance != 0 } }
            let error = await schedulerError {
                if sends { try await channel.send(1) } else { _ = try await channel.receive() }
            }
            return (error, channel.balance)
        }
        #expect(outcome.0?.code == .deadlock)
        let words = sends ? "main is sending without a receiver" : "main is receiving without a sender"
        #expect(outcome.0?.message.contains(words) == true)
        #expect(outcome.1 == 0)
    }

    /// Stackless's issue 78.
    @Test(arguments: Configuration.all)
    func `An iteration whose sender is gone is a deadlock, and does not end`(configuration: Configuration) async throws
    {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn {
                try await channel.send(contentsOf: 0..<2)
                try await yieldUntil { channel.balance == -1 }
            }
            let received = Box<[Int]>([])
            let error = await schedulerError { for try await n in channel { received.update { $0.append(n) } } }
            return (received.value, error)
        }
        #expect(outcome.0 == [0, 1])
        #expect(outcome.1?.code == .deadlock)
        #expect(outcome.1?.message.contains("receiving without a sender") == true)
    }
}
