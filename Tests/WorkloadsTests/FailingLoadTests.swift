// SPDX-License-Identifier: Apache-2.0

import Backends
import Tasklets
import TestSupport
import Testing
import Workloads

/// Load generators that fail before they start.
@Suite struct `A failing load generator` {
    private struct Broken: Error {}

    /// An observer whose load generators fail: at their first wait, or without starting.
    private struct WithoutLoad: Observer {
        let startsProgram: Bool

        func mark(_ moment: Moment) {}
        func record(_ waits: [UInt64], as series: Series) {}
        func note(_ figure: NamedFigure, _ value: Double) {}

        func elsewhere<R: Sendable>(_ program: @escaping @Sendable () async throws -> R) throws -> OneShot<R> {
            guard startsProgram else { throw Broken() }
            return try RecordingObserver().elsewhere {
                // Killed at its first wait.
                let main = Tasklet.current
                Tasklet.spawn { try await main.kill() }
                return try await program()
            }
        }

        func keepingBusy<R>(_ body: () async throws -> R) async throws -> R? { nil }
    }

    @Test(arguments: Configuration.all, [false, true])
    func `The run ends with the error, and no tasklet is left waiting`(
        configuration: Configuration,
        startsProgram: Bool
    ) throws {
        let observer = WithoutLoad(startsProgram: startsProgram)
        let values = ["connections": 3, "requests": 6, "fan-out": 2, "rate": 1_000, "delay": 50, "hogs": 1, "work": 3]
        for name in ["chat", "http-server", "fan-out-http", "hog"] {
            let workload = try #require(Workloads.named(name))
            let chosen = workload.parameters.map { ($0.name, values[$0.name] ?? $0.quickValue) }
            let parameters = Parameters(Dictionary(uniqueKeysWithValues: chosen))
            #expect(throws: (any Error).self, "\(name)") {
                try configuration.makeScheduler().run { try await workload.run(parameters, observer) }
            }
        }
    }
}
