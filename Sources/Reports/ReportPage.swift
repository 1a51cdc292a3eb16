// SPDX-License-Identifier: Apache-2.0

import Measurement

/// `report.md`: the figures, what explains them, and how far they can be trusted.
package enum ReportPage {
    /// The whole page.
    package static func text(_ report: RunReport) -> String {
        let rows = report.rows
        let parts = [
            opening(report), workloads(report.plan), overview(rows), comparison(rows, report.baseline), waits(rows),
            counts(rows), costs(rows), ProfileSection.text(report.profiles),
            failures(report.records), calibration(report), EnvironmentSection.text(report), reading,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func opening(_ report: RunReport) -> String {
        let plan = report.plan
        var text = "# Switchyard results\n\n"
        if report.environment.build != "release" {
            text += "**This is a debug build: none of these figures is a measurement.**\n\n"
        }
        if report.isInterrupted {
            text += "**Interrupted:** \(report.records.count) of \(plan.trials.count) trials had ended.\n\n"
        }
        return text + """
            \(report.environment.date), \(report.environment.host). Each row: up to \(plan.rounds) rounds, each trial \
            in a process of its own, rounds shuffled with seed \(plan.seed). The baseline is \
            \(report.baseline.backend), \(report.baseline.switching). Every answer was checked.

            """
    }

    private static func workloads(_ plan: Plan) -> String {
        var table = MarkdownTable([("workload", .left), ("parameters", .left), ("CPUs", .left)])
        for line in plan.cells.map({ [$0.workload, $0.parameterList, $0.cpus] }).unique { table.add(line) }
        return table.text
    }

    private static func overview(_ rows: [ResultRow]) -> String {
        Overview.table(rows).map { "## At a glance\n\nMedian per operation.\n\n\($0)" } ?? ""
    }

    private static func comparison(_ rows: [ResultRow], _ baseline: Baseline) -> String {
        "## Results\n\n\(SummaryTable.text(rows, baseline: baseline))"
    }

    /// The percentiles of single waits, where a workload records any.
    private static func waits(_ rows: [ResultRow]) -> String {
        let kinds = ["latency", "latency-uncorrected", "lateness"]
        let metrics = kinds.flatMap { kind in ["p50", "p90", "p99", "p99.9", "max"].map { "\(kind)-\($0)" } }
        let figures = metrics + ["arm-cancel", "requests-per-second", "progress"]
        let own = rows.filter { row in row.figures != nil && figures.contains(row.metric.name) }
        guard !own.isEmpty else { return "" }
        let tables = own.map(\.cell.workload).unique.map { workload in
            MetricMatrix.text(own.filter { $0.cell.workload == workload }, metrics: figures)
        }
        return """
            ## Single waits

            Medians over the rounds of each trial's percentiles. `latency` counts from when a request was to be sent, \
            `latency-uncorrected` from when it was sent; `lateness` is how long after its deadline a sleeper went on.

            \(tables.joined(separator: "\n"))
            """
    }

    private static func counts(_ rows: [ResultRow]) -> String {
        let text = MetricMatrix.text(
            rows,
            metrics: [
                "switches-soft", "switches-hard", "switches-continuation", "switches-kernel", "no-switch", "syscalls",
            ]
        )
        return "## Switches and system calls per operation\n\nAs counted by the scheduler.\n\n\(text)"
    }

    private static func costs(_ rows: [ResultRow]) -> String {
        let text = MetricMatrix.text(
            rows,
            metrics: [
                "throughput", "cpu-time", "peak-memory", "context-switches-voluntary", "context-switches-involuntary",
                "page-faults",
            ]
        )
        return "## What the kernel accounts\n\nPer operation; the peak memory is the whole trial's.\n\n\(text)"
    }

    private static func failures(_ records: [TrialRecord]) -> String {
        let lines = records.compactMap { record -> String? in
            guard let message = record.message else { return nil }
            let cell = record.observed
            return "- \(cell.workload) (\(cell.parameterList)), \(cell.backend), \(cell.switching), "
                + "round \(record.trial.round): \(record.status.rawValue): \(message)\n"
        }
        return lines.isEmpty ? "" : "## Failures and remarks\n\n" + lines.joined()
    }

    private static func calibration(_ report: RunReport) -> String {
        guard let calibration = report.calibration else {
            let reason = report.calibrationFailure.map { ": \($0)" } ?? ""
            return "## Calibration\n\nIt could not be measured\(reason).\n"
        }
        var table = MarkdownTable([("primitive", .left), ("ns", .right)])
        for item in calibration.items {
            table.add([item.name, item.nanoseconds.map(Figure.significant) ?? "not available"])
        }
        let place = calibration.cpu.map { " On CPU \($0)" } ?? ""
        let other = calibration.otherCPU.map { "; the other core is CPU \($0)" } ?? ""
        return "## Calibration\n\nWhat the machine's own primitives cost just before.\(place)\(other).\n\n\(table.text)"
    }

    private static let reading = """
        ## How to read this

        - A trial runs the workload in a fresh process: a warm-up run, then timed runs until they have taken the least \
        time given above. Its figure is the median over these runs; `memory-per-tasklet` is read once, without warm-up.
        - A row's median and interval are over the rounds. A ratio is formed within each round, against the baseline's \
        trial of the same round; given are the median ratio and its bootstrap 95 % interval. Where the interval contains \
        1 the report says "no difference". One round or two give no interval.
        - Time stamps are taken once per run, never per operation, except where single waits are what is measured; \
        nothing was subtracted from the figures and nothing was dropped as an outlier.
        - The loads are closed loops, in which a client waits for its reply before it sends again, except those of \
        `fan-out-http` and of the hogs: these are open loops, with a moment for every request. Where load comes from \
        another core, its processor time is in `cpu-time`, too.
        - The system calls are those that the scheduler makes itself; what Dispatch and SwiftNIO call for it is not known.
        - Raw data: `samples.csv` holds every round, `trials.jsonl` every run and `histograms/` the merged distributions \
        of single waits.

        """
}
