// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The report's section on the pairs of schedulers that readers ask about.
enum SideBySideSection {
    /// The section, in Markdown; empty without pairs.
    static func text(_ report: RunReport) -> String {
        let pairs = SideBySide(report).pairs
        guard !report.comparesBuilds, !pairs.isEmpty else { return "" }
        let kinds = LoadKind.allCases.filter { kind in pairs.contains { $0.ratios[kind] != nil } }
        let names = SchedulerNames(report.plan.cells)
        var table = MarkdownTable([("", .left)] + kinds.map { ($0.title, .right) })
        for pair in pairs {
            let title = "\(names.name(pair.scheduler)) : \(names.name(pair.reference))"
            table.add([title] + kinds.map { pair.ratios[$0].map(ratio) ?? "" })
        }
        return """
            ## Side by side

            The cost of one scheduler divided by that of another, over all workloads of a kind, with the 95 % interval. \
            Those that the run can tell apart are bold, with Holm's correction for everything in this table.

            \(table.text)
            """
    }

    private static func ratio(_ ratio: SideBySide.Ratio) -> String {
        let interval = ratio.comparison.interval.map { " (\(Wording.ratios($0)))" } ?? ""
        let text = Figure.significant(ratio.comparison.ratio)
        return (ratio.isTold ? "**\(text)**" : text) + interval
    }
}
