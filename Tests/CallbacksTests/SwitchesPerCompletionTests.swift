// SPDX-License-Identifier: Apache-2.0

import Backends
import Callbacks
import Tasklets
import TestSupport
import Testing

/// How often tasklets leave the processor for 100 completions in one batch, each with a tasklet that waits for it:
/// from the moment at which all wait to the one at which all have ended.
///
/// In any style, each waiter ends, which is a switch, and the reactor parks once, when it has called back 100 times.
/// With a one-shot, that is all: 101. The classic `blockOn` sends, and its channel prefers the receiver, so the
/// reactor gives way to each waiter: 100 more switches, out of synchronous code. The channel of the checked one has a
/// buffer, and with that no preference: it hands over without a switch.
@Suite struct `Switches per 100 completions` {
    @Test(arguments: Configuration.orderedWithReactors)
    func `101 with a one-shot`(configuration: Configuration) async throws {
        let (during, _) = try await counted(configuration) { _ = try await $0.value() }
        #expect(during == ["io": 1, "end": 100])
    }

    @Test(arguments: Configuration.orderedWithReactors)
    func `201 with the classic blockOn, 100 of them out of synchronous code`(
        configuration: Configuration
    ) async throws {
        let (during, mechanisms) = try await counted(configuration) { _ = try await $0.blockOn(.classic) }
        #expect(during == ["io": 1, "send": 100, "end": 100])
        let synchronous = configuration.synchronousSwitching
        #expect(mechanisms[synchronous] == (configuration.switching == synchronous ? 201 : 100))
    }

    @Test(arguments: Configuration.orderedWithReactors)
    func `101 with the checked blockOn`(configuration: Configuration) async throws {
        let (during, _) = try await counted(configuration) { _ = try await $0.blockOn(.checked) }
        #expect(during == ["io": 1, "end": 100])
    }

    /// Returns the switches but those of main, by cause and by mechanism.
    private func counted(
        _ configuration: Configuration,
        _ wait: @escaping @Sendable (Deferred<Int>) async throws -> Void
    ) async throws -> ([String: UInt64], [Switching: UInt64]) {
        try await configuration.run {
            let reactor = try await Reactor.start()
            let numbers = (0..<100).map { _ in Deferred<Int>() }
            for number in numbers { Tasklet.spawn { try await wait(number) } }
            try await Tasklet.schedule()
            let before = Tasklet.scheduler.counters
            reactor.call { for (n, number) in numbers.enumerated() { try number.fire(n) } }
            try await Tasklet.runAll()
            let after = Tasklet.scheduler.counters
            // Main's switch, to let all run, is the only one of this cause.
            let causes = after.causes.filter { $0.key != .schedule }.map { cause, count in
                ("\(cause)", count - before.causes[cause, default: 0])
            }
            let mechanisms = after.switches.map { key, count in
                (key, count - before.switches[key, default: 0] - (key == configuration.switching ? 1 : 0))
            }
            return (
                Dictionary(uniqueKeysWithValues: causes.filter { $0.1 > 0 }),
                Dictionary(uniqueKeysWithValues: mechanisms)
            )
        }
    }
}
