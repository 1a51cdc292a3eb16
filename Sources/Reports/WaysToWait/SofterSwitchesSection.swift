// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The section on what softening the causes of hard switches brings in `blocking-styles`.
enum SofterSwitchesSection {
    static let title = "Turning hard switches into soft ones"

    /// The section, in Markdown; empty where nothing was measured both without and with a change.
    static func text(_ report: RunReport) -> String { MarkdownTable.section(title, explanation, tables(report)) }

    /// What the table shows.
    static let explanation = """
        Each line is a cause of hard switches, softened by a change: the figures without it → with it, per request, and the ratio of \
        the latter to the former with the 95 % interval. Below 1 the change pays. "≈" stands before what this run cannot tell \
        from 1, with Holm's correction for the lines of a column. The `hard` ones set a stack or a thread aside; `all` are \
        the switches by any mechanism.
        """

    /// A table with a line per scheduler and change.
    static func tables(_ report: RunReport) -> [MarkdownTable] {
        let all = SofterSwitches.all(report)
        guard !all.isEmpty else { return [] }
        let varied = VariedParameters(all.map(\.with.common))
        var table = MarkdownTable([
            ("workload", .left), ("backend", .left), ("switching", .left), ("change", .left), ("waits in", .left),
            ("hard", .right), ("all", .right), ("CPU", .right), ("ratio", .right), ("added p50", .right),
            ("ratio", .right),
        ])
        for pair in all {
            let cell = pair.with.cell
            table.add(
                [varied.label(pair.with.common), cell.scheduler, cell.switching, pair.title, pair.with.place]
                    + figures(pair)
            )
        }
        return [table]
    }

    private static func figures(_ pair: SofterSwitches) -> [String] {
        [
            arrow(pair) { Wording.count($0.hardSwitches) },
            arrow(pair) { Wording.count($0.switches.map(\.count).reduce(0, +)) },
            arrow(pair) { $0.text(.cpuTime) }, pair.processorTime.map(ratio) ?? "",
            arrow(pair) { $0.text(SofterSwitches.latency) }, pair.addedLatency.map(ratio) ?? "",
        ]
    }

    private static func arrow(_ pair: SofterSwitches, _ text: (StyledCell) -> String) -> String {
        let (without, with) = (text(pair.without), text(pair.with))
        return without.isEmpty && with.isEmpty ? "" : "\(without) → \(with)"
    }

    private static func ratio(_ ratio: SofterSwitches.Ratio) -> String {
        let interval = ratio.comparison.interval.map { " (\(Wording.ratios($0)))" } ?? ""
        return (ratio.isTold ? "" : "≈ ") + Figure.significant(ratio.comparison.ratio) + interval
    }
}
