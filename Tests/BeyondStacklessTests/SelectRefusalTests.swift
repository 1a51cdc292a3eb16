// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// The errors that a select throws, and its refusals.
@Suite struct `Selects that throw` {
    private static var past: ContinuousClock.Instant { .now - .seconds(1) }

    @Test(arguments: Configuration.all)
    func `An error that a case throws, or receives, comes out of the select`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let buffer = Channel<Int>(capacity: 2)
            let ran = Counter()
            try await buffer.send(throwing: Failure("received"))
            try await buffer.send(1)
            let cases = [
                buffer.onReceive { _ in
                    ran.add()
                    throw Failure("of the case")
                }
            ]
            let errors = [
                await failure { _ = try await Tasklet.select(cases, until: nil) },
                await failure { _ = try await Tasklet.select(cases, until: nil) },
                await failure { try await Tasklet.select(buffer.onSend(2) { throw Failure("after sending") }) },
            ]
            return (errors.map { $0 as? Failure }, ran.value, try await buffer.receive())
        }
        #expect(outcome.0 == [Failure("received"), Failure("of the case"), Failure("after sending")])
        #expect((outcome.1, outcome.2) == (1, 2))
    }

    @Test(arguments: Configuration.all)
    func `A case on a closed channel is ready, and throws`(configuration: Configuration) async throws {
        let outcome = try await configuration.run {
            let closed = Channel<Int>("closed")
            let drained = Channel<Int>("drained", capacity: 1)
            let silent = Channel<Int>("silent")
            try await drained.send(1)
            closed.close()
            drained.close()
            let value = try await Tasklet.select(silent.onReceive(), drained.onReceive())
            let errors = [
                await schedulerError { _ = try await Tasklet.select(silent.onReceive(), drained.onReceive()) },
                await schedulerError { _ = try await Tasklet.select(silent.onReceive(), closed.onReceive()) },
                await schedulerError { try await Tasklet.select(silent.onSend(1) {}, closed.onSend(1) {}) },
                await schedulerError {
                    _ = try await Tasklet.select(drained.onReceive(), silent.onReceive(), until: Self.past)
                },
            ]
            return (value, errors, silent.balance)
        }
        #expect(outcome.0 == 1)
        #expect(outcome.1.map { $0?.code } == Array(repeating: .channelClosed, count: 4))
        let names = ["drained", "closed", "closed", "drained"]
        #expect(zip(outcome.1, names).allSatisfy { $0?.message.contains($1) == true })
        #expect(outcome.2 == 0)
    }

    @Test(arguments: Configuration.all)
    func `A case on another scheduler's channel is refused, and nothing has changed`(
        configuration: Configuration
    ) async throws {
        let theirs = try await configuration.run { Channel<Int>("theirs", capacity: 1) }
        let outcome = try await configuration.run {
            let own = Channel<Int>("own")
            let full = Channel<Int>("full", capacity: 1)
            try await full.send(1)
            let errors = [
                await schedulerError { _ = try await Tasklet.select(own.onReceive(), theirs.onReceive()) },
                await schedulerError { _ = try await Tasklet.select(theirs.onSend(1) { 0 }, full.onReceive()) },
                await schedulerError {
                    _ = try await Tasklet.select(own.onReceive(), theirs.onReceive(), until: Self.past)
                },
            ]
            let levels = [own.balance, full.balance, full.bufferedCount]
            return (errors, levels, try await Tasklet.select(full.onReceive()))
        }
        #expect(outcome.0.map { $0?.code } == [.wrongScheduler, .wrongScheduler, .wrongScheduler])
        #expect(outcome.0.allSatisfy { $0?.message.contains("'theirs'") == true })
        #expect(outcome.1 == [0, 0, 1])
        #expect(outcome.2 == 1)
        #expect((theirs.balance, theirs.bufferedCount) == (0, 0))
    }

    @Test(arguments: Configuration.all)
    func `Traps refuse a select that would wait, and not one that is ready`(configuration: Configuration) async throws {
        let alive = Counter()
        let outcome = try await configuration.run {
            let silent = Channel<Tracked>()
            let buffer = Channel<Int>(capacity: 2)
            let wait: @Sendable (ContinuousClock.Instant?) async -> SchedulerError.Code? = { deadline in
                let object = Tracked(1, alive)
                let cases = [silent.onReceive { _ in }, silent.onSend(object) {}]
                return await schedulerError { try await Tasklet.select(cases, until: deadline) }?.code
            }
            Tasklet.current.blockTrap = true
            var codes = [await wait(nil), await wait(.now + .seconds(3600))]
            try await Tasklet.select(silent.onReceive { _ in }, buffer.onSend(1) {})
            Tasklet.current.blockTrap = false
            Tasklet.scheduler.switchTrap = 1
            // Without a deadline main alone would have no tasklet to switch to.
            codes += [await wait(nil), await wait(.now + .seconds(3600))]
            try await Tasklet.select(silent.onReceive { _ in }, buffer.onSend(2) {})
            Tasklet.scheduler.switchTrap = 0
            return (codes, [silent.balance, buffer.bufferedCount, alive.value])
        }
        #expect(outcome.0 == [.blockTrap, .blockTrap, .deadlock, .switchTrap])
        #expect(outcome.1 == [0, 2, 0])
    }

    @Test(arguments: Configuration.ordered)
    func `A switch trap refuses a case that would give way, and nothing has changed`(
        configuration: Configuration
    ) async throws {
        let outcome = try await configuration.run {
            let channel = Channel<Int>()
            let received = Box<Int?>(nil)
            Tasklet.spawn { received.value = try await channel.receive() }
            try await Tasklet.schedule()
            Tasklet.scheduler.switchTrap = 1
            let code = await schedulerError { try await Tasklet.select(channel.onSend(1) {}) }?.code
            let balance = channel.balance
            channel.preference = .none
            try await Tasklet.select(channel.onSend(2) {})
            Tasklet.scheduler.switchTrap = 0
            try await Tasklet.schedule()
            return (code, balance, received.value)
        }
        #expect(outcome == (.switchTrap, -1, 2))
    }

    @Test(arguments: Configuration.all)
    func `The channel callback is told of the chosen case, or of all that are waited for`(
        configuration: Configuration
    ) async throws {
        let log = Log()
        try await configuration.run {
            let one = Channel<Int>("one")
            let other = Channel<Int>("other", capacity: 1)
            Tasklet.scheduler.channelCallback = { log.add("\($0.channel) \($0.isSending) \($0.willBlock)") }
            try await Tasklet.select(one.onReceive { _ in }, other.onSend(1) {})
            let sender = Tasklet.spawn {
                while one.balance == 0 { try await Tasklet.schedule() }
                try await one.send(4)
            }
            try await Tasklet.select(other.onSend(2) {}, one.onReceive { _ in })
            try await sender.join()
            Tasklet.scheduler.channelCallback = nil
        }
        #expect(log.all == ["other true false", "other true true", "one false true", "one true false"])
    }
}
