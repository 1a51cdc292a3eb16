// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `When main has ended` {
    @Test(arguments: Configuration.all)
    func `Run waits for all tasklets and returns what main returned`(configuration: Configuration) async throws {
        let ended = Counter()
        let result = try await configuration.run {
            let channel = Channel<Int>()
            for _ in 0..<10 {
                Tasklet.spawn {
                    _ = try await channel.receive()
                    try await Tasklet.sleep(for: .milliseconds(1))
                    ended.add()
                }
            }
            Tasklet.spawn { for n in 0..<10 { try await channel.send(n) } }
            return "done"
        }
        #expect(result == "done")
        #expect(ended.value == 10)
    }

    @Test(arguments: Configuration.all)
    func `Tasklets that nothing can wake are named and killed`(configuration: Configuration) async throws {
        let exits = Log()
        let channel = Box<Channel<Int>?>(nil)
        let error = try await configuration.failure {
            let numbers = Channel<Int>("numbers")
            channel.value = numbers
            for name in ["a", "b"] {
                Tasklet.spawn(name) {
                    defer { exits.add("\(name) deferred") }
                    do {
                        _ = try await numbers.receive()
                    } catch is TaskletExit {
                        exits.add("\(name) killed")
                        throw TaskletExit()
                    }
                }
            }
            Tasklet.spawn("c") { try await Tasklet.schedule() }
        }
        let deadlock = try #require(error as? SchedulerError)
        #expect(deadlock.code == .deadlock)
        #expect(deadlock.message.contains("Deadlock"))
        #expect(Set(deadlock.blocked.map(\.tasklet.name)) == ["a", "b"])
        #expect(deadlock.blocked.allSatisfy { $0.channel == "numbers" })
        #expect(exits.all.sorted() == ["a deferred", "a killed", "b deferred", "b killed"])
        #expect(channel.value?.balance == 0)
    }

    @Test(arguments: Configuration.all)
    func `Senders, receivers and joiners left behind are all killed`(configuration: Configuration) async throws {
        let alive = Counter()
        let exits = Counter()
        let error = try await configuration.failure {
            let values = Channel<Tracked>()
            let others = Channel<Int>()
            let sender = Tasklet.spawn {
                defer { exits.add() }
                try await values.send(Tracked(1, alive))
            }
            Tasklet.spawn {
                defer { exits.add() }
                try await sender.join()
                // Woken by the sender's death rather than killed: it may well continue.
            }
            Tasklet.spawn {
                defer { exits.add() }
                _ = try await others.receive()
            }
        }
        #expect((error as? SchedulerError)?.code == .deadlock)
        #expect((error as? SchedulerError)?.blocked.count == 3)
        #expect(exits.value == 3)
        #expect(try await comesTrue { alive.value == 0 })
    }

    @Test(arguments: Configuration.all)
    func `A tasklet that catches its death may end in its own way`(configuration: Configuration) async throws {
        let log = Log()
        let error = try await configuration.failure {
            let channel = Channel<Int>()
            Tasklet.spawn {
                do { _ = try await channel.receive() } catch { log.add("caught") }
                try await Tasklet.schedule()
                try await Tasklet.sleep(for: .microseconds(1))
                log.add("ended")
            }
        }
        #expect((error as? SchedulerError)?.code == .deadlock)
        #expect(log.text == "caught ended")
    }

    @Test(arguments: Configuration.all)
    func `A tasklet that blocks again after its death is killed again`(configuration: Configuration) async throws {
        let deaths = Counter()
        let error = try await configuration.failure {
            let channel = Channel<Int>()
            Tasklet.spawn("stubborn") {
                for _ in 0..<3 {
                    do { _ = try await channel.receive() } catch is TaskletExit { deaths.add() }
                }
            }
        }
        #expect((error as? SchedulerError)?.blocked.map(\.tasklet.name) == ["stubborn"])
        #expect(deaths.value == 3)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet that never accepts its death does not keep run from returning`(
        configuration: Configuration
    ) async throws {
        let deaths = Counter()
        let error = try await configuration.failure {
            let channel = Channel<Int>()
            Tasklet.spawn("immortal") {
                while true {
                    do { _ = try await channel.receive() } catch { deaths.add() }
                }
            }
        }
        #expect((error as? SchedulerError)?.blocked.map(\.tasklet.name) == ["immortal"])
        #expect(deaths.value > 0)
    }

    @Test(arguments: Configuration.all)
    func `An error that main throws comes out of run`(configuration: Configuration) async throws {
        let error = try await configuration.failure { () async throws -> Int in
            Tasklet.spawn { try await Tasklet.schedule() }
            throw Failure("main's")
        }
        #expect(error as? Failure == Failure("main's"))
    }

    @Test(arguments: Configuration.all)
    func `Main's own error comes before any other`(configuration: Configuration) async throws {
        let error = try await configuration.failure { () async throws -> Int in
            let channel = Channel<Int>()
            Tasklet.spawn { _ = try await channel.receive() }
            Tasklet.spawn { throw Failure("tasklet's") }
            throw Failure("main's")
        }
        #expect(error as? Failure == Failure("main's"))
    }

    @Test(arguments: Configuration.all)
    func `An uncaught error comes out of run, ahead of a deadlock`(configuration: Configuration) async throws {
        let error = try await configuration.failure {
            let channel = Channel<Int>()
            Tasklet.spawn { _ = try await channel.receive() }
            Tasklet.spawn {
                try await Tasklet.sleep(for: .milliseconds(1))
                throw Failure("late")
            }
        }
        #expect(error as? Failure == Failure("late"))
    }

    @Test(arguments: Configuration.ordered)
    func `Of several uncaught errors the first comes out of run`(configuration: Configuration) async throws {
        let error = try await configuration.failure {
            for text in ["first", "second", "third"] { Tasklet.spawn { throw Failure(text) } }
        }
        #expect(error as? Failure == Failure("first"))
    }

    @Test(arguments: Configuration.all)
    func `TaskletExit ends a tasklet silently`(configuration: Configuration) async throws {
        let result = try await configuration.run {
            let tasklet = Tasklet.spawn { throw TaskletExit() }
            try await tasklet.join()
            try await Tasklet.schedule()
            return tasklet.isAlive
        }
        #expect(!result)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet that spawns the next as it ends keeps run going`(configuration: Configuration) async throws {
        let count = Counter()
        try await configuration.run {
            @Sendable func link(_ left: Int) {
                count.add()
                if left > 0 { Tasklet.spawn { link(left - 1) } }
            }
            Tasklet.spawn { link(99) }
        }
        #expect(count.value == 100)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet still paused when main ends is killed, without an error`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        let (started, fresh) = try await configuration.run {
            let started = Tasklet("removed") {
                defer { log.add("tidied up") }
                try await Tasklet.scheduleRemove()
            }
            let fresh = Tasklet("fresh") { log.add("started") }
            try await started.run()
            return (started, fresh)
        }
        #expect(log.all == ["tidied up"])
        #expect(!started.isAlive && !fresh.isAlive)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet that main leaves paused may be inserted by another`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let paused = Tasklet("paused") { log.add("ran") }
            Tasklet.spawn("other") {
                try await Tasklet.sleep(for: .milliseconds(1))
                try paused.insert()
            }
        }
        #expect(log.all == ["ran"])
    }

    @Test(arguments: Configuration.all)
    func `A scheduler whose run ended in a deadlock is freed`(configuration: Configuration) async throws {
        weak let remembered = try await deadlocked(configuration)
        #expect(try await isReleased { remembered })
    }

    private func deadlocked(_ configuration: Configuration) async throws -> any Scheduler {
        let scheduler = try configuration.makeScheduler()
        let error = try await onItsOwnThread {
            do {
                try scheduler.run { _ = Tasklet.spawn { _ = try await Channel<Int>().receive() } }
                return nil as SchedulerError.Code?
            } catch {
                return (error as? SchedulerError)?.code
            }
        }
        #expect(error == .deadlock)
        return scheduler
    }
}
