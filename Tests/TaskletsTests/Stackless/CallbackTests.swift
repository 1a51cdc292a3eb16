// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Stackless: callbacks` {
    /// PyPy's test_stackless.py, test_channel_callback.
    @Test(arguments: Configuration.ordered)
    func `The channel callback is told which tasklet does what, and whether it will block`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<String>("words")
            Tasklet.scheduler.channelCallback = { event in
                let words = [
                    event.channel, event.tasklet.name, event.isSending ? "sends" : "receives",
                    event.willBlock ? "blocks" : "proceeds",
                ]
                log.add(words.joined(separator: " "))
            }
            let t = Tasklet.spawn("t") {
                try await channel.send("hello")
                log.add(try await channel.receive())
            }
            log.add(try await channel.receive())
            try await channel.send("world")
            try await t.join()
            Tasklet.scheduler.channelCallback = nil
        }
        #expect(
            log.all == [
                "words main receives blocks",
                "words t sends proceeds",
                "hello",
                "words main sends blocks",
                "words t receives proceeds",
                "world",
            ]
        )
    }

    /// Stackless's "Recursive channel call due to callbacks!".
    @Test(arguments: Configuration.all)
    func `A channel refuses operations in its own callback`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let codes = Box<[SchedulerError.Code?]>([])
            let sender = Tasklet { try await channel.send(1) }
            try await sender.run()
            Tasklet.scheduler.channelCallback = { _ in
                do { try channel.send(2) } catch {
                    codes.update { $0.append((error as? SchedulerError)?.code) }
                }
            }
            let value = try await channel.receive()
            Tasklet.scheduler.channelCallback = nil
            try await Tasklet.runAll()
            return (value, codes.value, channel.balance)
        }
        #expect(outcome.0 == 1)
        #expect(outcome.1 == [.recursiveCallback])
        #expect(outcome.2 == 0)
    }

    /// Stackless's documentation of `set_schedule_callback`.
    @Test(arguments: Configuration.ordered)
    func `The schedule callback is told of every switch, and of nothing else`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            Tasklet.scheduler.scheduleCallback = { previous, next in
                log.add("\(previous?.name ?? "nobody")>\(next?.name ?? "nobody")")
            }
            try await Tasklet.schedule()
            for name in ["a", "b"] { Tasklet.spawn(name) { try await Tasklet.schedule() } }
            try await Tasklet.runAll()
            try await Tasklet.runAll()
            Tasklet.scheduler.scheduleCallback = nil
        }
        #expect(log.text == "main>a a>b b>a a>b b>main")
    }

    /// The tasklet in runAll is next when no other is runnable: a switch like any other.
    @Test(arguments: Configuration.ordered)
    func `The schedule callback is told once of the switch back when the last runnable tasklet blocks`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let channel = Channel<Int>()
            let tasklet = Tasklet.spawn("a") { _ = try await channel.receive() }
            Tasklet.scheduler.scheduleCallback = { previous, next in
                log.add("\(previous?.name ?? "nobody")>\(next?.name ?? "nobody")")
            }
            try await Tasklet.runAll()
            Tasklet.scheduler.scheduleCallback = nil
            try await tasklet.kill()
        }
        #expect(log.text == "main>a a>main")
    }
}
