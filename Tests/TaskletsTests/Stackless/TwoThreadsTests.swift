// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Tasklets
import TestSupport
import Testing

/// Channels belong to one scheduler; values from one scheduler to another, on another thread, go through one-shot
/// values.
@Suite struct `Stackless: threads` {
    /// Stackless's test_channel.py, testInterthreadCommunication, with one-shot values for the channel.
    @Test(arguments: Configuration.all)
    func `Two schedulers on two threads exchange messages in order`(configuration: Configuration) async throws {
        let requests = (0..<5).map { _ in OneShot<String>() }
        let replies = (0..<4).map { _ in OneShot<String>() }
        async let received = configuration.run {
            let received = Log()
            let server = Tasklet.spawn {
                for (index, request) in requests.enumerated() {
                    received.add(try await request.value())
                    if index < replies.count { replies[index].fulfill("heard \(index)") }
                }
            }
            try await server.join()
            return received.all
        }
        async let answers = configuration.run {
            let answers = Log()
            let client = Tasklet.spawn {
                for index in replies.indices {
                    requests[index].fulfill("echo \(index)")
                    answers.add(try await replies[index].value())
                }
                requests[replies.count].fulfill("quit")
            }
            try await client.join()
            return answers.all
        }
        #expect(try await received == (0..<4).map { "echo \($0)" } + ["quit"])
        #expect(try await answers == (0..<4).map { "heard \($0)" })
    }

    /// Stackless's TestRemoteSchedule.testRunOrder, where a thread inserts another thread's tasklets.
    @Test(arguments: Configuration.ordered)
    func `Tasklets that another thread wakes run in the order in which it woke them`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let calls = (0..<3).map { _ in OneShot<Void>() }
            let tasklets = calls.indices.map { n in
                Tasklet.spawn {
                    try await calls[n].value()
                    log.add("t\(n + 1)")
                }
            }
            // All three wait by the time that they are called.
            try await Tasklet.schedule()
            DispatchQueue.global().async { for n in [1, 2, 0] { calls[n].fulfill(()) } }
            for tasklet in tasklets { try await tasklet.join() }
        }
        #expect(log.text == "t2 t3 t1")
    }

    /// In Stackless this would make the other thread's tasklet runnable; here it is refused.
    @Test(arguments: Configuration.all)
    func `A channel of a scheduler on another thread is refused`(configuration: Configuration) async throws {
        let lent = OneShot<Channel<Int>>()
        let refusals = OneShot<[SchedulerError.Code?]>()
        async let borrower: Void = configuration.run {
            let channel = try await lent.value()
            refusals.fulfill([
                await schedulerError { try await channel.send(1) }?.code,
                await schedulerError { _ = try await channel.receive() }?.code,
            ])
        }
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let receiver = Tasklet { _ = try await channel.receive() }
            try await receiver.run()
            lent.fulfill(channel)
            let codes = try await refusals.value()
            let flags = receiver.flags
            try await channel.send(2)
            try await receiver.join()
            return (codes, flags)
        }
        try await borrower
        #expect(outcome.0 == [.wrongScheduler, .wrongScheduler])
        #expect(outcome.1 == "alive blocked")
    }
}
