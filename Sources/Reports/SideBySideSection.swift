// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The report's section on the pairs of schedulers that readers ask about.
enum SideBySideSection {
    /// What the table shows.
    static let explanation = """
        What the first scheduler of a pair costs, divided by what the second does, over the workloads of a kind that both ran \
        (of hogs, those without checkpoints), with the 95 % interval. Above 1 the first costs more. "≈" stands before what this run cannot tell from 1, with Holm's \
        correction for the pairs of a column.
        """

    /// The section, in Markdown; empty without pairs.
    static func text(_ report: RunReport) -> String {
        table(report).map { "## Side by side\n\n\(explanation)\n\n\($0.text)" } ?? ""
    }

    /// The table; nil without pairs.
    static func table(_ report: RunReport) -> MarkdownTable? {
        let pairs = report.sideBySide.pairs
        guard !report.comparesBuilds, !pairs.isEmpty else { return nil }
        let kinds = LoadKind.allCases.filter { kind in pairs.contains { $0.ratios[kind] != nil } }
        let names = SchedulerNames(report.plan.cells)
        var table = MarkdownTable([("pair", .left)] + kinds.map { ($0.title, .right) })
        for pair in pairs {
            let title = "\(names.name(pair.scheduler)) : \(names.name(pair.reference))"
            table.add([title] + kinds.map { pair.ratios[$0].map(ratio) ?? "" })
        }
        return table
    }

    private static func ratio(_ ratio: SideBySide.Ratio) -> String {
        let interval = ratio.comparison.interval.map { " (\(Wording.ratios($0)))" } ?? ""
        return (ratio.isTold ? "" : "≈ ") + Figure.significant(ratio.comparison.ratio) + interval
    }
}
