// SPDX-License-Identifier: Apache-2.0

import Backends
import Glibc
import Tasklets
import TestSupport
import Testing

/// Hundreds of tasklets wait in synchronous code: on some schedulers, each blocks a thread.
@Suite(.serialized) struct `Many that wait in synchronous code` {
    private static let count = 600

    @Test(arguments: Configuration.waitingSynchronously)
    func `Are all served, as often as they wait, and others run meanwhile`(configuration: Configuration) async throws {
        let sum = try await configuration.run {
            let channels = (0..<Self.count).map { _ in Channel<Int>() }
            let results = Channel<Int>()
            for channel in channels {
                Tasklet.spawn {
                    let values = try (0..<3).map { _ in try channel.receive() }
                    try await results.send(values.reduce(0, +))
                }
            }
            try await yieldUntil { channels.allSatisfy { $0.balance < 0 } }
            Tasklet.spawn {
                for round in 0..<3 {
                    for (index, channel) in channels.enumerated().reversed() {
                        try await channel.send(index + round)
                        if index.isMultiple(of: 10) { try await Tasklet.sleep(for: .microseconds(1)) }
                    }
                }
            }
            var sum = 0
            for _ in 0..<Self.count { sum += try await results.receive() }
            return sum
        }
        #expect(sum == (0..<Self.count).map { 3 * $0 + 3 }.reduce(0, +))
    }

    /// The actor's job, and not a turn, is what blocks a thread.
    actor Receiver {
        func receive(_ channel: Channel<Int>) throws -> Int { try [0].map { _ in try channel.receive() }[0] }
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `Are all served in actors, too`(configuration: Configuration) async throws {
        let sum = try await configuration.run {
            let channels = (0..<Self.count).map { _ in Channel<Int>() }
            let results = Channel<Int>()
            for channel in channels {
                Tasklet.spawn { try await results.send(try await Receiver().receive(channel)) }
            }
            try await yieldUntil { channels.allSatisfy { $0.balance < 0 } }
            Tasklet.spawn {
                for (index, channel) in channels.enumerated().reversed() { try await channel.send(index) }
            }
            var sum = 0
            for _ in 0..<Self.count { sum += try await results.receive() }
            return sum
        }
        #expect(sum == (0..<Self.count).reduce(0, +))
    }

    @Test(arguments: Configuration.waitingSynchronously)
    func `Are all killed when main has ended`(configuration: Configuration) async throws {
        let deaths = Counter()
        let error = try await configuration.failure {
            let channel = Channel<Int>()
            for _ in 0..<Self.count {
                Tasklet.spawn {
                    do { _ = try [0].map { _ in try channel.receive() } } catch { deaths.add() }
                }
            }
        }
        #expect((error as? SchedulerError)?.blocked.count == Self.count)
        #expect(deaths.value == Self.count)
    }

    /// In a process of its own, because the limit applies to the whole process.
    @Test func `Where no thread is left for another one, that is refused`() async {
        await #expect(processExitsWith: .success) {
            for configuration in Configuration.all where configuration.backend == .dispatch {
                let (first, second) = try await configuration.run {
                    let channel = Channel<Int>()
                    let results = Channel<Int>()
                    var values: [Int] = []
                    for _ in 0..<63 {
                        Tasklet.spawn { try await results.send(try [0].map { _ in try channel.receive() }[0] + 1) }
                    }
                    try await yieldUntil { channel.balance == -63 }
                    let shortage = ThreadShortage()
                    let refusal = await schedulerError { _ = try [0].map { _ in try channel.receive() } }
                    shortage.end()
                    for number in 0..<63 { try await channel.send(number) }
                    for _ in 0..<63 { values.append(try await results.receive()) }
                    return (refusal, values.sorted())
                }
                guard first?.code == .system, second == Array(1...63) else {
                    fatalError("\(configuration): \(String(describing: first)), \(second)")
                }
            }
        }
    }
}
