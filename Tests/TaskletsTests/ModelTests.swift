// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// Random programs, compared with the rules.
@Suite struct `Random programs` {
    @Test(arguments: Configuration.ordered)
    func `They run in exactly the order of the rules, with as many switches`(
        configuration: Configuration
    ) async throws {
        for seed in 1...200 as ClosedRange<UInt64> {
            let program = RandomProgram(seed: seed)
            let expected = ReferenceScheduler(program)
            let (log, switches) = try await run(program, configuration)
            try #require(log == expected.log, "seed \(seed)")
            try #require(switches == expected.switches, "seed \(seed)")
        }
    }

    @Test(arguments: Configuration.concurrent)
    func `On concurrent schedulers no value is lost or received twice`(configuration: Configuration) async throws {
        for seed in 1...50 as ClosedRange<UInt64> {
            let (log, _) = try await run(RandomProgram(seed: seed), configuration)
            let received = log.compactMap { $0.split(separator: "=").dropFirst().first }
            try #require(Set(received).count == received.count, "seed \(seed)")
        }
    }

    /// What was logged until only main could run, and how many switches that took.
    private func run(
        _ program: RandomProgram,
        _ configuration: Configuration
    ) async throws -> (log: [String], switches: UInt64) {
        let outcome = Box<([String], UInt64)>(([], 0))
        // Most programs leave tasklets behind that wait forever.
        _ = try await configuration.failure {
            let log = Log()
            let channels = program.channels.map { setting in
                let channel = Channel<Int>()
                channel.preference = setting.preference
                channel.schedulesAll = setting.schedulesAll
                return channel
            }
            let tasklets = Box<[Tasklet]>([])
            for (index, steps) in program.tasklets.enumerated() {
                let tasklet = Tasklet.spawn {
                    for (number, (step, isSynchronous)) in steps.enumerated() {
                        let value: Int?
                        switch step {
                        case .schedule: value = try await Self.schedule()
                        case .join(let other): value = try await Self.join(tasklets.value[other])
                        case .send(let channel):
                            let value0 = ReferenceScheduler.value(index, number)
                            value = try await Self.send(value0, to: channels[channel], isSynchronous)
                        case .receive(let channel):
                            value = try await Self.receive(from: channels[channel], isSynchronous)
                        }
                        log.add("\(index).\(number)" + (value.map { "=\($0)" } ?? ""))
                    }
                }
                tasklets.update { $0.append(tasklet) }
            }
            while Tasklet.runCount > 1 { try await Tasklet.schedule() }
            outcome.value = (log.all, Tasklet.scheduler.counters.total)
        }
        return outcome.value
    }

    private static func schedule() async throws -> Int? {
        try await Tasklet.schedule()
        return nil
    }

    private static func join(_ tasklet: Tasklet) async throws -> Int? {
        try await tasklet.join()
        return nil
    }

    private static func send(_ value: Int, to channel: Channel<Int>, _ isSynchronous: Bool) async throws -> Int? {
        if isSynchronous { try await channel.sendSynchronously(value) } else { try await channel.send(value) }
        return nil
    }

    private static func receive(from channel: Channel<Int>, _ isSynchronous: Bool) async throws -> Int? {
        if isSynchronous { return try await channel.receiveSynchronously() }
        return try await channel.receive()
    }
}
