// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues

/// Records with simple figures.
enum Fixture {
    static let metric = Metric.time("round-trip")
    static let baseline = Baseline(backend: "round-robin", switching: "soft")

    static func cell(_ backend: String, _ switching: String = "soft", workload: String = "ping-pong") -> Cell {
        Cell(
            workload: workload,
            parameters: ["messages": 10],
            backend: backend,
            switching: switching,
            cpus: "0",
            metric: metric
        )
    }

    static func record(
        _ cell: Cell,
        round: Int,
        _ value: Double? = nil,
        status: TrialStatus = .ok
    ) -> TrialRecord {
        TrialRecord(
            trial: Trial(cell: cell, round: round, minimumTime: 0.1, timeLimit: 1),
            status: status,
            measures: value.map { [Measure(metric, $0), Measure(.noSwitch, 0)] } ?? [],
            turns: value.map { [turn($0)] } ?? [],
            operations: 1_000
        )
    }

    /// A turn at full speed in which an operation took `value` nanoseconds.
    static func turn(_ value: Double, yardstick: UInt64 = 50_000, waited: UInt64 = 0) -> Turn {
        let elapsed = UInt64(value * 1_000)
        return Turn(start: 0, runs: 1, elapsed: elapsed, before: 50_000, after: yardstick, waited: waited)
    }
}
