// SPDX-License-Identifier: Apache-2.0

import Callbacks
import Tasklets
import TestSupport
import Testing

@Suite struct `Reactors and other threads` {
    @Test(arguments: Configuration.withReactors)
    func `Calls from another thread are made by the reactor, in their order`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let reactor = try await Reactor.start()
            let thread = ForeignThread()
            let log = Log()
            let last = OneShot<Void>()
            thread.start {
                for n in 0..<100 {
                    reactor.call {
                        #expect(Tasklet.current == reactor.tasklet)
                        log.add("\(n)")
                        if n == 99 { last.fulfill(()) }
                    }
                    spin(n)
                }
            }
            try await last.value()
            return log.all
        }
        #expect(outcome == (0..<100).map(String.init))
    }

    @Test(arguments: Configuration.withReactors)
    func `What another thread brings is no deadlock, however late`(configuration: Configuration) async throws {
        let sum = try await configuration.run {
            let reactor = try await Reactor.start()
            let thread = ForeignThread()
            var sum = 0
            for n in 0..<200 {
                let number = Deferred<Int>("number")
                try reactor.elsewhere { finish in
                    thread.start {
                        spin(n * 10)
                        finish(.success(n))
                        finish(.success(-1))
                    }
                } then: {
                    try number.fire(with: $0)
                }
                // Neither of the two counts as a wait for a thread.
                sum += try await n % 2 == 0 ? number.value() : number.blockOn(.checked)
            }
            return sum
        }
        #expect(sum == 19_900)
    }

    @Test(arguments: Configuration.withReactors)
    func `A thread that is too late for a reactor is ignored`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let reactor = try await Reactor.start()
            let gate = Gate()
            let done = OneShot<Void>()
            let number = Deferred<Int>("number")
            try reactor.elsewhere { finish in
                ForeignThread().start {
                    gate.wait()
                    finish(.success(7))
                    done.fulfill(())
                }
            } then: {
                try number.fire(with: $0)
            }
            reactor.stop()
            let error = await schedulerError { _ = try await number.value() }
            gate.open()
            try await done.value()
            return error?.code
        }
        #expect(outcome == .deadTasklet)
    }

    @Test(arguments: Configuration.withReactors)
    func `Calls race with the end of the run`(configuration: Configuration) async throws {
        let thread = ForeignThread()
        for round in 0..<50 {
            let calls = Counter()
            try await configuration.run {
                let reactor = try await Reactor.start()
                thread.start {
                    for _ in 0..<20 {
                        spin(round)
                        reactor.call { calls.add() }
                    }
                }
            }
            #expect(calls.value <= 20)
        }
    }

    @Test(arguments: Configuration.withReactors)
    func `Operations are not begun outside the scheduler's tasklets`(configuration: Configuration) async throws {
        let code = try await configuration.run {
            let reactor = try await Reactor.start()
            let outcome = OneShot<SchedulerError.Code?>()
            ForeignThread().start {
                do {
                    try reactor.after(.zero) { _ in }
                    outcome.fulfill(nil)
                } catch { outcome.fulfill((error as? SchedulerError)?.code) }
            }
            return try await outcome.value()
        }
        #expect(code == .wrongScheduler)
    }
}
