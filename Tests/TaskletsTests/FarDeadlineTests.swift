// SPDX-License-Identifier: Apache-2.0

import CClock
import Glibc
import Tasklets
import TestSupport
import Testing

@Suite struct `Deadlines centuries away` {
    /// Up to the first that the kernel's and the libraries' clocks cannot express, and beyond.
    private static let durations: [Duration] = [
        .seconds(1 << 32), .seconds(4_700_000_000), .seconds(8_999_999_999), .seconds(9_000_000_000),
        .seconds(9_300_000_000), .seconds(Int64.max), .seconds(UInt64.max),
    ]

    private actor Bed {
        func sleep(for duration: Duration) async throws { try await Tasklet.sleep(for: duration) }
    }

    private static func wait(for duration: Duration, _ kind: Int) async throws {
        switch kind {
        case 0: try await Tasklet.sleep(for: duration)
        case 1: try await Tasklet.sleep(until: .now + duration)
        case 2: try await Bed().sleep(for: duration)
        case 3: _ = try await Channel<Int>().receive(until: .now + duration)
        default: _ = try await OneShot<Int>().value(until: .now + duration)
        }
    }

    @Test(arguments: Configuration.all)
    func `Sleepers are killed like any others, in an actor's method, too`(configuration: Configuration) async throws {
        let deaths = Counter()
        try await configuration.run {
            let sleepers = Self.durations.flatMap { duration in
                (0..<5).map { kind in
                    Tasklet.spawn {
                        do { try await Self.wait(for: duration, kind) } catch is TaskletExit { deaths.add() }
                    }
                }
            }
            // Earlier ones are not kept waiting.
            try await Tasklet.sleep(for: .milliseconds(1))
            try await yieldUntil { sleepers.allSatisfy { !$0.isRunnable } }
            for sleeper in sleepers { try await sleeper.kill() }
            for sleeper in sleepers { try await sleeper.join() }
        }
        #expect(deaths.value == 5 * Self.durations.count)
    }

    /// In a process of its own, because all readings of clocks are counted.
    @Test func `Nothing spins meanwhile`() async {
        await #expect(processExitsWith: .success) {
            for configuration in Configuration.all {
                let readings = try await configuration.run {
                    let bed = Bed()
                    let sleepers = Self.durations.map { duration in
                        Tasklet.spawn { try await bed.sleep(for: duration) }
                    }
                    try await Tasklet.sleep(for: .milliseconds(1))
                    try await yieldUntil { sleepers.allSatisfy { !$0.isRunnable } }
                    let before = clock_readings()
                    try await Tasklet.sleep(for: .milliseconds(50))
                    let readings = clock_readings() - before
                    for sleeper in sleepers { try await sleeper.kill() }
                    return readings
                }
                // A loop would read thousands.
                if readings > 500 { fatalError("\(configuration): \(readings)") }
            }
        }
    }
}
