// SPDX-License-Identifier: Apache-2.0

import Measurement

/// `report.md`: the figures, the counts that explain them, and their uncertainty.
enum ReportPage {
    /// The text of the page.
    ///
    /// - Parameters:
    ///   - questions: the founding questions; nil for a run of another suite.
    ///   - screen: the answer of the run.
    ///   - peers: other runtimes; nil for a run without.
    ///   - screens: a screen per workload.
    ///   - plots: the plots that are files in `plots/`.
    static func text(
        _ report: RunReport,
        _ questions: QuestionsScreen?,
        _ screen: FirstScreen,
        _ peers: PeersScreen?,
        _ screens: [WorkloadScreen],
        _ plots: [Plot]
    ) -> String {
        let rows = report.rows
        let varied = VariedParameters(report.plan.cells)
        let parts = [
            "# Switchyard results\n\n\(questions.map { "\($0.markdown)\n" } ?? "")\(screen.markdown)",
            SideBySideSection.text(report),
            peers.map { PeersSection.text($0, images: images(plots.filter { $0.contest != nil })) } ?? "",
            rankings(screens, plots.filter { $0.contest == nil }), opening(report),
            workloads(report.plan).text, comparison(report), WaitTimesSection.text(report, varied),
            RateSection.text(rows), DepthSection.text(rows), WaysToWaitSection.text(rows),
            SofterSwitchesSection.text(report), ConnectionStylesSection.text(rows), counts(rows, varied),
            costs(rows, varied),
            ProfileSection.text(report.description.profiles, varied),
            TraceSection.text(report.description.traces ?? [], varied), FailureSection.text(report.records),
            CalibrationSection.text(report.description), EnvironmentSection.text(report), ReadingSection.text,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func rankings(_ screens: [WorkloadScreen], _ plots: [Plot]) -> String {
        guard !screens.isEmpty else { return images(plots) }
        let sections = screens.map { screen in
            screen.markdown + images(plots.filter { $0.workload == screen.label })
        }
        let rest = images(plots.filter { plot in !screens.contains { $0.label == plot.workload } })
        return """
            ## Workloads

            What the schedulers cost in each workload, best first: "times" is the cost divided by that of the best, of \
            processes that took turns. Bold are the schedulers that could be the best. Switches and system calls are per \
            operation.

            \(sections.joined(separator: "\n"))\(rest)
            """
    }

    /// The plots, which a reader of the plain text is told in words.
    private static func images(_ plots: [Plot]) -> String {
        plots.map { "\n![\($0.description)](plots/\($0.name).svg)\n" }.joined()
    }

    private static func opening(_ report: RunReport) -> String {
        "## How it was measured\n\n\(introduction(report))\n"
    }

    /// What was measured, where and how.
    static func introduction(_ report: RunReport) -> String {
        let plan = report.plan
        return """
            \(report.environment.date), \(report.environment.host). Each row comes from \(plan.leastRounds) or more processes; \
            those of a workload are alive together and take turns, which seed \(plan.seed) shuffles. \
            \(parameters(plan))\(baseline(report)) Every answer was checked.\(speed(report))
            """
    }

    /// Which cells take turns where it is not those with the same parameters.
    private static func parameters(_ plan: Plan) -> String {
        guard let names = plan.comparingParameters?.sorted(), !names.isEmpty else { return "" }
        return
            "Of \(names.joined(separator: " and ")), it is those of a scheduler with all parameters that take turns. "
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

    /// The workloads, with their parameters.
    static func workloads(_ plan: Plan) -> MarkdownTable {
        var table = MarkdownTable([("workload", .left), ("parameters", .left), ("CPUs", .left)])
        for line in plan.cells.map({ [$0.workload, $0.parameterList, $0.cpus] }).unique { table.add(line) }
        return table
    }

    private static func comparison(_ report: RunReport) -> String {
        "## All results\n\n\(SummaryTable.text(report))"
    }

    private static func counts(_ rows: [ResultRow], _ varied: VariedParameters) -> String {
        let text = MetricMatrix.text(
            rows,
            varied,
            metrics: [
                "switches-soft", "switches-hard", "switches-slice", "switches-continuation", "switches-kernel",
                "no-switch", "syscalls",
            ]
        )
        return "## Switches and system calls per operation\n\n"
            + "\(countsExplanation)\n\n\(text)"
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

            \(costsExplanation) The columns behind the page faults come from a counting trial.

            \(text)
            """
    }

    /// What the switches and system calls are.
    static let countsExplanation =
        "Counted by the scheduler; the system calls of one that does not count them by a counting trial."

    /// What the kernel's figures are.
    static let costsExplanation = "Per operation; the peak memory is that of the whole trial."
}
