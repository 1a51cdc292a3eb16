// SPDX-License-Identifier: Apache-2.0

import Measurement

/// `report.md`: the figures, the counts that explain them, and their uncertainty.
package enum ReportPage {
    /// The text of the page.
    package static func text(_ report: RunReport) -> String {
        let rows = report.rows
        let varied = VariedParameters(report.plan.cells)
        let parts = [
            answer(report), SideBySideSection.text(report), rankings(report), opening(report), workloads(report.plan),
            comparison(report), WaitTimesSection.text(report, varied), RateSection.text(rows), counts(rows, varied),
            costs(rows, varied), ProfileSection.text(report.description.profiles, varied), failures(report.records),
            calibration(report.description), EnvironmentSection.text(report), reading,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func answer(_ report: RunReport) -> String {
        "# Switchyard results\n\n\(FirstScreen(report).markdown)"
    }

    private static func rankings(_ report: RunReport) -> String {
        let screens = WorkloadScreen.all(report)
        guard !screens.isEmpty else { return "" }
        return """
            ## Workloads

            What the schedulers cost in each workload, best first: "times" is the cost divided by that of the best. Bold are \
            the best and those that this run cannot tell from it. Switches and system calls are per operation.

            \(screens.map(\.markdown).joined(separator: "\n"))
            """
    }

    private static func opening(_ report: RunReport) -> String {
        let plan = report.plan
        return """
            ## How it was measured

            \(report.environment.date), \(report.environment.host). Each row comes from \(plan.leastRounds) or more processes; \
            those of a workload are alive together and take turns, which seed \(plan.seed) shuffles. \
            \(baseline(report)) Every answer was checked.\(speed(report))

            """
    }

    private static func baseline(_ report: RunReport) -> String {
        switch report.baseline {
        case .scheduler(let backend, let switching, let workers):
            "The baseline is \(backend)\(workers.map { " ×\($0)" } ?? ""), \(switching)."
        case .build(let name):
            "Two builds take turns: this one, and as its baseline \(name)"
                + (report.description.otherBuild.map { $0.path == name ? "." : " (\($0.path))." } ?? ".")
        }
    }

    /// A processor that others share is slower most of the time; figures of time say less then.
    private static func speed(_ report: RunReport) -> String {
        report.fullSpeedShare.map { " The processor ran at full speed in \(Figure.percent($0, of: 1)) of the turns." }
            ?? ""
    }

    private static func workloads(_ plan: Plan) -> String {
        var table = MarkdownTable([("workload", .left), ("parameters", .left), ("CPUs", .left)])
        for line in plan.cells.map({ [$0.workload, $0.parameterList, $0.cpus] }).unique { table.add(line) }
        return table.text
    }

    private static func comparison(_ report: RunReport) -> String {
        "## All results\n\n\(SummaryTable.text(report))"
    }

    private static func counts(_ rows: [ResultRow], _ varied: VariedParameters) -> String {
        let text = MetricMatrix.text(
            rows,
            varied,
            metrics: [
                "switches-soft", "switches-hard", "switches-continuation", "switches-kernel", "no-switch", "syscalls",
            ]
        )
        return "## Switches and system calls per operation\n\n"
            + "Counted by the scheduler; the system calls of one that does not count them by a counting trial.\n\n\(text)"
            + details("By cause", "switches-by-", rows, varied) + details("By system call", "syscalls-", rows, varied)
    }

    /// The counts whose names have a prefix, which heads their table instead.
    private static func details(
        _ title: String,
        _ prefix: String,
        _ rows: [ResultRow],
        _ varied: VariedParameters
    ) -> String {
        let own = rows.filter { $0.figures != nil && $0.metric.name.hasPrefix(prefix) }
        guard !own.isEmpty else { return "" }
        let names = own.map(\.metric.name).unique.sorted()
        let text = MetricMatrix.text(own, varied, metrics: names, prefix: prefix)
        return "\n### \(title)\n\n\(text)"
    }

    private static func costs(_ rows: [ResultRow], _ varied: VariedParameters) -> String {
        let text = MetricMatrix.text(
            rows,
            varied,
            metrics: [
                "throughput", "cpu-time", "server-cpu-time", "generator-busy", "peak-memory",
                "context-switches-voluntary", "context-switches-involuntary",
                "page-faults", "run-queue-wait", "allocations", "allocated-bytes",
            ] + HardwareCounters.Event.allCases.map(\.rawValue)
        )
        return """
            ## Kernel accounting

            Per operation; the peak memory is that of the whole trial. The columns behind the page faults come from a \
            counting trial.

            \(text)
            """
    }

    private static func failures(_ records: [TrialRecord]) -> String {
        let lines = records.compactMap { record -> String? in
            guard let message = record.message else { return nil }
            let cell = record.observed
            let build = cell.build.map { "\($0), " } ?? ""
            return "- \(cell.workload) (\(cell.parameterList)), \(cell.scheduler), \(cell.switching), \(build)"
                + "\(record.trial.occasion): \(record.status.rawValue): \(message)\n"
        }
        return lines.isEmpty ? "" : "## Failures and remarks\n\n" + lines.joined()
    }

    private static func calibration(_ run: RunDescription) -> String {
        guard let calibration = run.calibration else {
            return "## Calibration\n\nCalibration failed: \(run.calibrationFailure ?? "it has not run").\n"
        }
        return table(calibration)
    }

    private static func table(_ calibration: Calibration) -> String {
        var table = MarkdownTable([("primitive", .left), ("ns", .right)])
        for item in calibration.items {
            table.add([item.name, item.nanoseconds.map(Figure.significant) ?? "not available"])
        }
        let place = calibration.cpu.map { " On CPU \($0)" } ?? ""
        let other = calibration.otherCPU.map { "; the other core is CPU \($0)" } ?? ""
        return
            "## Calibration\n\nThe cost of the machine's primitives just before the run.\(place)\(other).\n\n\(table.text)"
    }

    private static let reading = """
        ## How to read this

        - Every process is a fresh draw of the memory layout, and measures one cell in turns of a few milliseconds. \
        The figure of a process is the mean of its turns at full speed: those whose yardsticks, 50 µs of fixed work just \
        before and after, took at most a tenth longer than the fastest twentieth of all yardsticks of the run. "full \
        speed" is the share of such turns. `memory-per-tasklet` comes from a single run of a process that has not warmed \
        up.
        - A row's figure is the mean over the processes, geometric where the metric has a better direction, and without \
        an eighth of the processes at each end. The ratio compares two such means; its interval covers the true ratio in \
        95 % of runs (Student's, of the differences of the logarithms within each round). It needs three rounds. Where \
        rounds follow until the scatter looks small enough, intervals are made for 97.5 %: stopping then costs the rest.
        - "different" means: with a probability of 95 % not one of the differences of a workload that the report calls \
        so is due to chance (Holm's correction). "no difference": the interval lies within 1 % of 1. "cannot tell": \
        neither; "finds" is the smallest difference that would have been seen in nine of ten such runs.
        - "below resolution" stands beside a time of less than \(Figure.compact(Resolution.factor)) times what measuring \
        it costs, by the calibration: a wait, or a whole run of a workload with all its operations, of less than \
        \(Figure.compact(Resolution.factor)) times a clock read and an empty loop. `arm-cancel` is the difference of two \
        loops, and the clock is read outside them: there it is \(Figure.compact(Resolution.factor)) times an empty loop. A \
        comparison with such a figure has this verdict, too, and no other.
        - A run of a workload takes two time stamps, not two per operation, except where wait times are measured. Nothing \
        is subtracted from the figures, and every turn is in `trials.jsonl`, with the mean over everything.
        - The loads are closed loops, in which a client sends its next request after the reply, except those of \
        `fan-out-http` and of the hogs: open loops, in which each request has a scheduled start. The load generator is a \
        process of its own, an epoll scheduler for all rows, on another core if there is one. `cpu-time`, which is \
        `server-cpu-time` in the table of results, and all counts are those of the measured process alone. Where the generator was busy for nine tenths \
        of the time or more, it may be what limits the row, and the row says so.
        - `syscalls` counts the scheduler's own system calls, not those of Dispatch, nor the polls of the epoll instance \
        that all `dispatch` schedulers share. Those of `nio`, which SwiftNIO makes, are counted in the counting trial, as \
        calls of libc's wrappers: a wait for a lock inside libc is not among them. An empty cell of a count means that \
        nothing of that kind was counted.
        - A counting trial is one more process of each cell, after the first round, with counters on, which cost time: \
        nothing of it is timed. `allocations` and `allocated-bytes` are requests for memory (malloc, calloc, realloc and \
        the like) and what they ask for, of the whole process, by the objects that are loaded when it starts. \
        `run-queue-wait` is how long the process's threads were ready to run and did not. `instructions`, `cycles`, \
        `cache-misses` and `branch-misses` are the processor's counts, where it has counters; 'bench doctor' says whether \
        they include the kernel.
        - Raw data: `samples.csv` has every process, `trials.jsonl` every turn, and `histograms/` the merged distributions \
        of wait times.

        """
}
