// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import TestSupport
import Testing

/// Exact counts, derived from the rules.
///
/// Stackless counts the same.
@Suite struct `The number of switches` {
    /// What Stackless counts, with `run()` instead of `join()`.
    struct Expectation: Sendable, CustomTestStringConvertible {
        var preference: Preference
        var schedulesAll = false
        var switches: UInt64
        /// Whether the first tasklet to start is the last to end.
        var firstEndsLast = false

        var testDescription: String { schedulesAll ? "\(preference), schedules all" : "\(preference)" }
    }

    /// A stream: the sender starts, and parks with its first message.
    ///
    /// At preference -1 each further message costs the switch to the receiver and the one back, as the receiver parks;
    /// at 0, one switch carries two messages one way; at +1 the receiver gives way to the sender, which parks with the
    /// next message.
    static let stream = [
        Expectation(preference: .receiver, switches: 2002, firstEndsLast: true),
        Expectation(preference: .none, switches: 1003, firstEndsLast: false),
        Expectation(preference: .sender, switches: 2003, firstEndsLast: false),
        Expectation(preference: .receiver, schedulesAll: true, switches: 2003, firstEndsLast: false),
        Expectation(preference: .none, schedulesAll: true, switches: 2003, firstEndsLast: false),
        Expectation(preference: .sender, schedulesAll: true, switches: 2003, firstEndsLast: false),
    ]

    @Test(arguments: Configuration.ordered, stream)
    func `A stream of 1,000 messages costs what Stackless counts`(
        configuration: Configuration,
        expectation: Expectation
    ) async throws {
        let (counters, calls) = try await counted(configuration) {
            let channel = Channel<Int>()
            channel.preference = expectation.preference
            channel.schedulesAll = expectation.schedulesAll
            let sender = Tasklet.spawn { for n in 0..<1000 { try await channel.send(n) } }
            let receiver = Tasklet.spawn { for _ in 0..<1000 { _ = try await channel.receive() } }
            try await (expectation.firstEndsLast ? sender : receiver).join()
        }
        #expect(counters.total == expectation.switches)
        #expect(counters.causes.total == expectation.switches)
        #expect(calls == expectation.switches)
    }

    static let echo = [
        Expectation(preference: .receiver, switches: 2003, firstEndsLast: false),
        Expectation(preference: .none, switches: 2003, firstEndsLast: false),
        Expectation(preference: .sender, switches: 2004, firstEndsLast: true),
    ]

    @Test(arguments: Configuration.ordered, echo)
    func `A round trip costs two switches`(configuration: Configuration, expectation: Expectation) async throws {
        let (counters, calls) = try await counted(configuration) {
            let there = Channel<Int>()
            let back = Channel<Int>()
            for channel in [there, back] { channel.preference = expectation.preference }
            let ping = Tasklet.spawn {
                for n in 0..<1000 {
                    try await there.send(n)
                    _ = try await back.receive()
                }
            }
            let pong = Tasklet.spawn { for _ in 0..<1000 { try await back.send(there.receive()) } }
            try await (expectation.firstEndsLast ? ping : pong).join()
        }
        #expect(counters.total == expectation.switches)
        #expect(counters.causes.total == expectation.switches)
        #expect(calls == expectation.switches)
    }

    /// Main sends 1,000 messages to ten waiting workers, and a last one to each.
    ///
    /// At preference -1 each message costs the switch to a worker and the one back. At 0, main sends to all ten without
    /// a switch and parks with the eleventh: so eleven switches carry eleven messages. At +1 a worker whose message
    /// main is parked with gives way to main, which parks with the next; only the first ten arrive without a switch.
    static let fanOut = [
        Expectation(preference: .receiver, switches: 2020),
        Expectation(preference: .none, switches: 1011),
        Expectation(preference: .sender, switches: 2011),
    ]

    @Test(arguments: Configuration.ordered, fanOut)
    func `A fan-out of 1,000 messages to ten workers costs what Stackless counts`(
        configuration: Configuration,
        expectation: Expectation
    ) async throws {
        let parked = Box<UInt64>(0)
        let (counters, calls) = try await counted(configuration) {
            let channel = Channel<Int?>()
            channel.preference = expectation.preference
            for _ in 0..<10 { Tasklet.spawn { while try await channel.receive() != nil {} } }
            try await Tasklet.runAll()
            parked.value = Tasklet.scheduler.counters.total
            for n in 0..<1000 { try await channel.send(n) }
            for _ in 0..<10 { try await channel.send(nil) }
            try await Tasklet.runAll()
        }
        // Main and each worker leave the processor once before the first message.
        #expect(parked.value == 11)
        #expect(counters.total == expectation.switches + 11)
        #expect(counters.causes.total == expectation.switches + 11)
        #expect(calls == expectation.switches + 11)
    }

    /// Runs `main`, which ends last, and returns the scheduler's counters and the number of its callbacks.
    private func counted(
        _ configuration: Configuration,
        _ main: @escaping @Sendable () async throws -> Void
    ) async throws -> (counters: SchedulerCounters, calls: UInt64) {
        let calls = Counter()
        let counters = try await configuration.counters {
            Tasklet.scheduler.scheduleCallback = { _, _ in calls.add() }
            try await main()
            Tasklet.scheduler.scheduleCallback = nil
        }
        return (counters, UInt64(calls.value))
    }

    @Test(arguments: Configuration.ordered)
    func `Every switch is made by the requested mechanism`(configuration: Configuration) async throws {
        let counters = try await configuration.counters(Self.aLittleOfEverything)
        #expect(counters.total > 100)
        #expect(counters.switches[configuration.switching] == counters.total)
    }

    @Test(arguments: Configuration.all)
    func `The sums by mechanism and by cause are equal`(configuration: Configuration) async throws {
        let counters = try await configuration.counters(Self.aLittleOfEverything)
        #expect(counters.total > 0)
        #expect(counters.total == counters.causes.total)
    }

    @Test(arguments: Configuration.ordered)
    func `Switches are counted by cause`(configuration: Configuration) async throws {
        let counters = try await configuration.counters {
            let channel = Channel<Int>()
            let tasklet = Tasklet.spawn {
                try await channel.send(1)  // waits, because main does
                _ = try await channel.receive()  // waits
            }
            try await Tasklet.schedule()
            _ = try await channel.receive()  // finds the sender, and continues
            try await Tasklet.schedule()
            try await channel.send(2)  // gives way to the receiver, which ends
            try await tasklet.join()  // has ended
            try await Tasklet.schedule()  // no other tasklet
            let last = Tasklet.spawn {}
            try await last.join()
        }
        let expected: [SwitchCause: UInt64] = [.schedule: 2, .send: 2, .receive: 1, .join: 1, .end: 2]
        #expect(counters.causes.filter { $0.value > 0 } == expected)
        #expect(counters.noSwitch == 3)
    }

    @Test(arguments: Configuration.ordered)
    func `A tasklet alone yields without a switch`(configuration: Configuration) async throws {
        let counters = try await configuration.counters { for _ in 0..<1000 { try await Tasklet.schedule() } }
        #expect(counters.total == 0)
        #expect(counters.noSwitch == 1000)
    }

    @Test(arguments: Configuration.ordered)
    func `A yield of three tasklets is one switch each`(configuration: Configuration) async throws {
        let counters = try await configuration.counters {
            for _ in 0..<3 { Tasklet.spawn { for _ in 0..<1000 { try await Tasklet.schedule() } } }
        }
        // 3 tasklets yield 1,000 times; main's end, and those of all but the last.
        #expect(counters.causes[.schedule] == 3000)
        #expect(counters.causes[.end] == 3)
        #expect(counters.total == 3003)
    }

    @Test(arguments: Configuration.swappingStacks)
    func `Switching makes no system call, and waiting for a deadline makes some`(
        configuration: Configuration
    ) async throws {
        let busy = try await configuration.counters {
            let channel = Channel<Int>()
            Tasklet.spawn { for n in 0..<1000 { try await channel.send(n) } }
            for _ in 0..<1000 { _ = try await channel.receive() }
            for _ in 0..<1000 { try await Tasklet.schedule() }
        }
        #expect(busy.systemCalls.values.allSatisfy { $0 == 0 })
        let idle = try await configuration.counters { try await Tasklet.sleep(for: .milliseconds(1)) }
        // NIO does not report its calls.
        guard configuration.backend != .nio else { return }
        let call =
            switch configuration.backend {
            case .roundRobin: "ppoll"
            case .ioUring: "io_uring_enter"
            default: "epoll_pwait2"
            }
        #expect(idle.systemCalls[call, default: 0] > 0)
    }

    /// Channels, yields, sleeps and joins.
    private static let aLittleOfEverything: @Sendable () async throws -> Void = {
        let channel = Channel<Int>()
        let tasklets = (0..<10).map { n in
            Tasklet.spawn {
                for _ in 0..<10 { try await Tasklet.schedule() }
                try await Tasklet.sleep(for: .microseconds(n))
                try await channel.send(n)
            }
        }
        for _ in 0..<10 { _ = try await channel.receive() }
        for tasklet in tasklets { try await tasklet.join() }
    }
}
