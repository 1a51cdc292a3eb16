// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A run of two builds for a terminal: the headline metrics, with a column for each build.
enum BuildsScreen {
    /// The table.
    ///
    /// - Parameter other: the name of the other build.
    static func text(_ report: RunReport, other: String, _ terminal: TerminalText) -> String {
        let headlines = report.rows.filter(\.isHeadline)
        let own = headlines.filter { $0.cell.build == nil }
        let varied = VariedParameters(report.plan.cells)
        let names = SchedulerNames(report.plan.cells)
        let heads = own.map { head($0, varied) }.unique
        let blocks = heads.map { head in
            let lines = own.filter { self.head($0, varied) == head }.map { row in
                let twin = row.cell.on(build: other)
                return line(row, headlines.first { $0.cell == twin && $0.metric == row.metric }, names)
            }
            return TerminalText.wrapped(head, indent: 0).map(terminal.bold) + [terminal.faint(heading)] + lines
        }
        return blocks.map { $0.map { "\($0)\n" }.joined() }.joined(separator: "\n")
    }

    private static func head(_ row: ResultRow, _ varied: VariedParameters) -> String {
        "\(varied.label(row.cell)): \(row.metric.name)"
    }

    private static let heading = columns("scheduler", "other", "this", "ratio", "95 % interval", "verdict")

    private static func line(_ row: ResultRow, _ other: ResultRow?, _ names: SchedulerNames) -> String {
        let figures = row.figures
        return columns(
            names.name(SchedulerName(row.cell)),
            figure(other),
            figure(row),
            figures?.comparison.map { Figure.significant($0.ratio) } ?? "",
            figures?.comparison?.interval.map { Wording.ratios($0).replacing(" – ", with: "-") } ?? "",
            figures?.verdict.map { verdict($0, row) } ?? ""
        )
    }

    /// A word that fits.
    private static func verdict(_ verdict: Verdict, _ row: ResultRow) -> String {
        switch verdict {
        case .different: BuildsTable.verdict(verdict, row)
        case .negligible: "equal"
        case .undecided: "undecided"
        case .unknown: "too few"
        case .belowResolution: "too short"
        }
    }

    private static func figure(_ row: ResultRow?) -> String {
        guard let row else { return "" }
        return row.figures.map { Figure.readable($0.value, unit: row.metric.unit) } ?? Wording.status(row.status)
    }

    private static func columns(
        _ name: String,
        _ other: String,
        _ own: String,
        _ ratio: String,
        _ interval: String,
        _ verdict: String
    ) -> String {
        TerminalText.padded("  \(name)", 26) + TerminalText.aligned(other, 9) + TerminalText.aligned(own, 9)
            + TerminalText.aligned(ratio, 7) + TerminalText.aligned(interval, 14) + "  \(verdict)"
    }
}
