// SPDX-License-Identifier: Apache-2.0

import Glibc
import ParameterValues
import SeededRandom

@testable import Measurement
@testable import Reports

/// Runs with figures of the test's choice.
struct SyntheticRun {
    /// A scheduler in a workload.
    struct Measured {
        var cell: Cell
        /// The mean of its processes.
        var value: Double
        /// The figure of a process differs from that by a factor e to the power of so much times a normal deviate.
        var scatter: Double
        var measures: [Measure]
        var status: TrialStatus
        /// A metric that has the value of the cell's own one in every process.
        var extra: Metric?
    }

    /// How many processes each has.
    var rounds = 8
    var cells: [Measured] = []
    /// The seed of the scatter.
    var seed: UInt64 = 1
    /// See `RunDescription.suite`.
    var suite: String?
    var baseline = Baseline(backend: "round-robin", switching: "soft")

    /// Adds a scheduler, such as `epoll soft` or `dispatch soft ×2`, in a workload.
    ///
    /// - Parameter words: the parameters that are words.
    mutating func add(
        _ workload: String,
        _ scheduler: String,
        _ value: Double,
        scatter: Double = 0.01,
        metric: Metric = .time("round-trip"),
        parameters: [String: Int] = ["messages": 100],
        words: [String: String] = [:],
        counts: [Measure] = [],
        status: TrialStatus = .ok,
        extra: Metric? = nil,
        build: String? = nil
    ) {
        let parts = scheduler.split(separator: " ").map(String.init)
        let workers = parts.count > 2 ? Int(parts[2].dropFirst()) : nil
        let cell = Cell(
            workload: workload,
            parameters: parameters.mapValues { .number($0) }.merging(words.mapValues { .word($0) }) { $1 },
            backend: parts[0],
            switching: parts[1],
            cpus: workers == nil ? "1" : "0-1",
            metric: metric,
            workers: workers,
            build: build
        )
        cells.append(
            Measured(cell: cell, value: value, scatter: scatter, measures: counts, status: status, extra: extra)
        )
    }

    /// The report of the run.
    var report: RunReport {
        var description = ReportFixture.description
        description.plan = Plan(cells: cells.map(\.cell), rounds: rounds, seed: 7, minimumTime: 0.2, timeLimit: 60)
        description.baseline = baseline
        description.suite = suite
        description.calibration = nil
        var random = SplitMix64(seed: seed)
        let records = (1...rounds).flatMap { round in cells.map { record($0, round, &random) } }
        return RunReport(description, environment: ReportFixture.environment, records: records)
    }

    private func record(_ measured: Measured, _ round: Int, _ random: inout SplitMix64) -> TrialRecord {
        let trial = Trial(cell: measured.cell, round: round, minimumTime: 0.2, timeLimit: 60)
        guard measured.status.hasFigures else {
            return TrialRecord(trial: trial, status: measured.status, message: "no")
        }
        // The sum of twelve uniform deviates.
        let deviate = (0..<12).map { _ in Double.random(in: 0...1, using: &random) }.reduce(-6, +)
        let value = measured.value * exp(deviate * measured.scatter)
        return TrialRecord(
            trial: trial,
            status: .ok,
            measures: [Measure(measured.cell.metric, value)] + measured.measures
                + (measured.extra.map { [Measure($0, value)] } ?? []),
            turns: [
                Turn(start: UInt64(round), runs: 1, elapsed: UInt64(value * 1_000), before: 50_000, after: 50_000)
            ],
            operations: 1_000,
            runs: 1
        )
    }
}
