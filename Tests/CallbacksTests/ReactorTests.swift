// SPDX-License-Identifier: Apache-2.0

import Backends
import Callbacks
import Tasklets
import TestSupport
import Testing

@Suite struct `Reactors` {
    @Test(arguments: Configuration.all.filter { !$0.hasReactors })
    func `Where every wait is a thread's, or none may be, there is none`(configuration: Configuration) async throws {
        let error = try await configuration.run { await schedulerError { _ = try await Reactor.start() } }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("no reactor: ") == true)
    }

    @Test(arguments: Configuration.withReactors)
    func `Timers fire in the order of their instants`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let reactor = try await Reactor.start()
            try reactor.after(.seconds(3600)) { log.add(Self.code(of: $0)) }
            // However long the calls take, each instant is later than the one before.
            for delay in 1...3 { try reactor.after(.milliseconds(delay)) { _ in log.add("\(delay)") } }
            try await reactor.after(.milliseconds(4)).value()
            reactor.stop()
        }
        #expect(log.text == "1 2 3 deadTasklet")
    }

    @Test(arguments: Configuration.withReactors)
    func `A handler is never called before its operation has returned`(configuration: Configuration) async throws {
        let log = Log()
        try await configuration.run {
            let reactor = try await Reactor.start()
            try reactor.after(.zero) { _ in
                try reactor.after(.zero) { _ in log.add("second") }
                log.add("first")
            }
            try await yieldUntil { log.all.count == 2 }
        }
        #expect(log.text == "first second")
    }

    @Test(arguments: Configuration.orderedWithReactors)
    func `A batch of completions is one turn of the reactor`(configuration: Configuration) async throws {
        let switches = try await configuration.run {
            let reactor = try await Reactor.start()
            let before = Tasklet.scheduler.counters.causes[.io, default: 0]
            for _ in 0..<100 { try reactor.after(.zero) { _ in } }
            try await Tasklet.schedule()
            return Tasklet.scheduler.counters.causes[.io, default: 0] - before
        }
        #expect(switches == 1)
    }

    @Test(arguments: Configuration.orderedWithReactors)
    func `An outstanding operation is no tasklet`(configuration: Configuration) async throws {
        let counts = try await configuration.run {
            let reactor = try await Reactor.start()
            for _ in 0..<1000 { try reactor.after(.seconds(3600)) { _ in } }
            let id = Tasklet.spawn {}.id
            try await Tasklet.schedule()
            let count = Tasklet.runCount
            reactor.stop()
            return (id, count)
        }
        // Main, the reactor, and the one that is asked.
        #expect(counts == (3, 1))
    }

    @Test(arguments: Configuration.withReactors)
    func `Run ends when nothing is outstanding, and the reactor with it`(configuration: Configuration) async throws {
        let called = Counter()
        let tasklet = try await configuration.run {
            let reactor = try await Reactor.start()
            try reactor.after(.milliseconds(1)) { _ in called.add() }
            return reactor.tasklet
        }
        #expect(called.value == 1)
        #expect(!tasklet.isAlive)
    }

    @Test(arguments: Configuration.withReactors)
    func `Stopping fails what is outstanding, and what is begun later`(configuration: Configuration) async throws {
        let log = Log()
        let outcome = try await configuration.run {
            let reactor = try await Reactor.start()
            try reactor.after(.seconds(3600)) { result in
                log.add(Self.code(of: result))
                do { try reactor.after(.zero) { _ in log.add("never") } } catch { log.add("refused") }
            }
            let timer = try reactor.after(.seconds(3600))
            reactor.stop()
            reactor.stop()
            let error = await schedulerError { try await timer.value() }
            try await reactor.tasklet.join()
            reactor.call { log.add("never") }
            return (error?.code, reactor.isRunning, await schedulerError { _ = try reactor.after(.zero) }?.code)
        }
        #expect(outcome.0 == .deadTasklet && !outcome.1 && outcome.2 == .deadTasklet)
        #expect(log.text == "deadTasklet refused")
    }

    static func code<Value>(of result: Result<Value, any Error>) -> String {
        if case .failure(let error as SchedulerError) = result { return "\(error.code)" }
        return "\(result)"
    }

    @Test(arguments: Configuration.withReactors)
    func `Killing its tasklet is a stop`(configuration: Configuration) async throws {
        let code = try await configuration.run {
            let reactor = try await Reactor.start()
            let timer = try reactor.after(.seconds(3600))
            try await reactor.tasklet.kill()
            return await schedulerError { try await timer.value() }?.code
        }
        #expect(code == .deadTasklet)
    }

    @Test(arguments: Configuration.withReactors)
    func `A reactor that is killed in a handler still calls the others`(configuration: Configuration) async throws {
        let log = Log()
        let outcome = try await configuration.run {
            let reactor = try await Reactor.start()
            let channel = Channel<Int>("full")
            let first = OneShot<Void>()
            try reactor.after(.zero) { _ in
                first.fulfill(())
                try channel.send(1)
            }
            try reactor.after(.zero) { log.add(Self.code(of: $0)) }
            let timer = try reactor.after(.seconds(3600))
            try await first.value()
            try await yieldUntil { reactor.tasklet.isBlocked }
            try await reactor.tasklet.kill()
            return await schedulerError { try await timer.value() }?.code
        }
        #expect(outcome == .deadTasklet)
        #expect(log.text == "success()")
    }

    @Test(arguments: Configuration.withReactors)
    func `A handler that fails does not end the reactor, and main gets its error`(
        configuration: Configuration
    ) async throws {
        let called = Counter()
        let error = try await configuration.failure {
            let reactor = try await Reactor.start()
            try reactor.after(.zero) { _ in throw Failure("handler") }
            try reactor.after(.milliseconds(1)) { result in
                try result.get()
                called.add()
            }
            try await Tasklet.sleep(for: .seconds(3600))
        }
        #expect(error as? Failure == Failure("handler"))
        #expect(called.value == 1)
    }

    @Test(arguments: Configuration.withReactors)
    func `Another tasklet may insert its tasklet, to no effect`(configuration: Configuration) async throws {
        let value = try await configuration.run {
            let reactor = try await Reactor.start()
            for _ in 0..<100 {
                try reactor.tasklet.insert()
                try await reactor.after(.zero).value()
                try await Tasklet.schedule()
            }
            return 7
        }
        #expect(value == 7)
    }

    @Test(arguments: Configuration.withReactors)
    func `Main waits for what an idle reactor cannot bring, and hears of the deadlock`(
        configuration: Configuration
    ) async throws {
        let error = try await configuration.failure {
            _ = try await Reactor.start()
            return try await Deferred<Int>("nothing").value()
        }
        let deadlock = error as? SchedulerError
        #expect(deadlock?.code == .deadlock)
        #expect(deadlock?.blocked.map(\.waitsFor) == ["deferred 'nothing'"])
    }

    @Test(arguments: Configuration.withReactors)
    func `What operations hold is released when they have ended`(configuration: Configuration) async throws {
        let alive = Counter()
        try await configuration.run {
            let reactor = try await Reactor.start()
            for n in 0..<100 {
                let object = Tracked(n, alive)
                try reactor.after(n % 2 == 0 ? .microseconds(n) : .seconds(3600)) { _ in _ = object.number }
            }
            try await reactor.after(.milliseconds(1)).value()
            reactor.stop()
        }
        #expect(try await comesTrue { alive.value == 0 })
    }
}
