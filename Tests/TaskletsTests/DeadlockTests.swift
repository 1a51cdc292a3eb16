// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Deadlocks` {
    @Test(arguments: Configuration.all)
    func `Main alone may neither receive nor send`(configuration: Configuration) async throws {
        let (errors, state) = try await configuration.run {
            let channel = Channel<Int>("lonely")
            let errors = [
                await schedulerError { _ = try await channel.receive() },
                await schedulerError { try await channel.send(1) },
            ]
            return (errors, (channel.balance, Tasklet.runCount, Tasklet.current.isRunnable))
        }
        for error in errors {
            #expect(error?.code == .deadlock)
            #expect(error?.message.contains("Deadlock") == true)
        }
        #expect(errors.first??.blocked.map(\.waitsFor) == ["a sender on channel 'lonely'"])
        #expect(errors.last??.blocked.map(\.waitsFor) == ["a receiver on channel 'lonely'"])
        #expect(state == (0, 1, true))
    }

    @Test(arguments: Configuration.all)
    func `While main waits, the last runnable tasklet is refused when it would block`(
        configuration: Configuration
    ) async throws {
        let refusal = Box<SchedulerError?>(nil)
        let value = try await configuration.run {
            let mine = Channel<Int>()
            let theirs = Channel<Int>("theirs")
            Tasklet.spawn("last") {
                // So that main is sure to wait by now.
                while mine.balance == 0 { try await Tasklet.schedule() }
                refusal.value = await schedulerError { _ = try await theirs.receive() }
                try await mine.send(5)
            }
            return try await mine.receive()
        }
        #expect(value == 5)
        #expect(refusal.value?.code == .deadlock)
        #expect(refusal.value?.message.contains("Deadlock") == true)
        #expect(refusal.value?.blocked.map(\.tasklet.name) == ["main", "last"])
        #expect(refusal.value?.blocked.map(\.channel) == [nil, "theirs"])
    }

    @Test(arguments: Configuration.all)
    func `A refused tasklet that does not catch the error passes it on to main`(configuration: Configuration)
        async throws
    {
        let error = try await configuration.run {
            let channel = Channel<Int>()
            Tasklet.spawn {
                while channel.balance == 0 { try await Tasklet.schedule() }
                _ = try await Channel<Int>().receive()
            }
            return await schedulerError { _ = try await channel.receive() }
        }
        #expect(error?.code == .deadlock)
        #expect(error?.message.contains("last runnable tasklet") == true)
    }

    @Test(arguments: Configuration.all)
    func `A report names each blocked tasklet, its channel and where it was spawned`(
        configuration: Configuration
    ) async throws {
        let firstLine = Box<UInt>(0)
        let error = try await configuration.run {
            let requests = Channel<Int>("requests")
            let replies = Channel<Int>("replies")
            firstLine.value = #line + 1
            Tasklet.spawn("server") { _ = try await requests.receive() }
            Tasklet.spawn("client") { try await replies.send(1) }
            while requests.balance == 0 || replies.balance == 0 { try await Tasklet.schedule() }
            let error = await schedulerError { _ = try await Channel<Int>("mine").receive() }
            try await requests.send(1)
            _ = try await replies.receive()
            return error
        }
        let blocked = try #require(error).blocked
        let line = firstLine.value
        let names = blocked.map(\.tasklet.name)
        #expect(Set(names) == ["server", "client", "main"])
        let server = try #require(blocked.first { $0.tasklet.name == "server" })
        #expect(server.channel == "requests")
        #expect(server.waitsFor == "a sender on channel 'requests'")
        #expect(server.spawnSite == "TaskletsTests/DeadlockTests.swift:\(line)")
        let client = try #require(blocked.first { $0.tasklet.name == "client" })
        #expect(client.channel == "replies")
        #expect(client.waitsFor == "a receiver on channel 'replies'")
        #expect(client.spawnSite == "TaskletsTests/DeadlockTests.swift:\(line + 1)")
        let text = "\(try #require(error))"
        for word in [
            "Deadlock", "server", "client", "'requests'", "'replies'", "'mine'", "DeadlockTests.swift:\(line)",
        ] {
            #expect(text.contains(word))
        }
    }

    @Test(arguments: Configuration.all)
    func `The list of blocked tasklets is available without a deadlock`(configuration: Configuration) async throws {
        let (before, during, after) = try await configuration.run {
            let channel = Channel<Int>("numbers")
            let scheduler = Tasklet.scheduler
            let before = scheduler.blockedTasklets.count
            Tasklet.spawn("taker") { _ = try await channel.receive() }
            while channel.balance == 0 { try await Tasklet.schedule() }
            let during = scheduler.blockedTasklets
            try await channel.send(1)
            return (before, during, scheduler.blockedTasklets.count)
        }
        #expect(before == 0)
        #expect(during.map(\.tasklet.name) == ["taker"])
        #expect(during.first?.waitsFor == "a sender on channel 'numbers'")
        #expect(after == 0)
    }

    @Test(arguments: Configuration.all)
    func `A joining tasklet is reported as joining, whatever it waited for before`(
        configuration: Configuration
    ) async throws {
        let error = try await configuration.failure {
            let forever = Channel<Int>("forever")
            let stuck = Tasklet.spawn("stuck") { _ = try await forever.receive() }
            Tasklet.spawn("joiner") {
                do {
                    // A channel that no longer exists when the report is written.
                    let brief = Channel<Int>("brief")
                    Tasklet.spawn { try await brief.send(1) }
                    _ = try await brief.receive()
                }
                try await stuck.join()
            }
        }
        let blocked = try #require(error as? SchedulerError).blocked
        let joiner = try #require(blocked.first { $0.tasklet.name == "joiner" })
        #expect(joiner.waitsFor.contains("the end of tasklet 'stuck'"))
        #expect(joiner.channel == nil)
    }
}
