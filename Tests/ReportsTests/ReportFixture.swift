// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Reports

@testable import Measurement

/// A small run: two backends in two rounds, and a third that failed.
enum ReportFixture {
    static let metric = Metric.time("round-trip")

    static func cell(_ backend: String, cpus: String = "1") -> Cell {
        Cell(
            workload: "ping-pong",
            parameters: ["messages": 100, "a": 1],
            backend: backend,
            switching: "soft",
            cpus: cpus,
            metric: metric
        )
    }

    static let records = [
        record(cell("round-robin"), 1, 30), record(cell("epoll", cpus: "0,2"), 1, 60),
        record(cell("epoll", cpus: "0,2"), 2, 66), record(cell("round-robin"), 2, 33),
        TrialRecord(
            trial: trial(cell("dispatch"), 1),
            status: .failed,
            message: "crashed with signal 11 (SIGSEGV)"
        ),
    ]

    static let report = RunReport(description, environment: environment, records: records)

    static let description = {
        var description = RunDescription(
            arguments: ["--quick"],
            plan: Plan(
                cells: [cell("round-robin"), cell("epoll", cpus: "0,2"), cell("dispatch")],
                rounds: 2,
                seed: 7,
                minimumTime: 0.2,
                timeLimit: 60
            ),
            baseline: Baseline(backend: "round-robin", switching: "soft")
        )
        description.calibration = calibration
        description.isComplete = true
        return description
    }()

    static let calibration = Calibration(
        items: [Calibration.Item("getppid", 168.4), Calibration.Item("futex hand-over", nil)],
        cpu: 1,
        otherCPU: 0
    )

    static let environment = EnvironmentRecord(
        date: "2026-01-02T03:04:05Z",
        host: "box",
        cpuModel: "Some CPU",
        cpus: "0-1",
        architecture: "x86_64",
        kernel: "Linux 6.18",
        virtualization: "none",
        governor: "performance",
        clockSource: "tsc",
        memory: 8 << 30,
        loadBefore: "0.1",
        loadAfter: "0.5",
        swift: "Swift 6.3",
        build: "release",
        commit: "abc1234",
        dependencies: ["swift-nio": "2.101.2", "swift-system": "1.8.1"]
    )

    /// The records, and those of two counting trials: one with figures, and one that failed.
    static let withCounts: [TrialRecord] = {
        var counted = record(cell("round-robin"), 0, 30)
        counted.trial = description.plan.countingTrial(cell("round-robin"))
        counted.turns = []
        counted.measures = [Measure(.allocations, 2.5), Measure(.systemCalls, 1.5)]
        let failed = TrialRecord(
            trial: description.plan.countingTrial(cell("epoll", cpus: "0,2")),
            status: .failed,
            message: "out of luck"
        )
        return records + [counted, failed]
    }()

    private static func trial(_ cell: Cell, _ round: Int) -> Trial {
        Trial(cell: cell, round: round, minimumTime: 0.2, timeLimit: 60)
    }

    static func record(_ cell: Cell, _ round: Int, _ value: Double) -> TrialRecord {
        TrialRecord(
            trial: trial(cell, round),
            status: .ok,
            measures: [Measure(metric, value), Measure(.switches("soft"), 2)],
            turns: [Turn(start: 1, runs: 1, elapsed: UInt64(value * 100), before: 50_000, after: 50_000)],
            operations: 100,
            runs: 1
        )
    }
}
