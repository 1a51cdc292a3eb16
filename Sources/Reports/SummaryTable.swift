// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// The primary metrics, one row per cell: the table that `bench run` prints.
package enum SummaryTable {
    /// The table, in Markdown.
    package static func text(_ rows: [ResultRow], baseline: Baseline) -> String {
        var table = MarkdownTable([
            ("workload", .left), ("backend", .left), ("switching", .left), ("CPUs", .left), ("per", .left),
            ("median", .right), ("95 % interval", .right), ("ratio", .right), ("95 % interval", .right),
            ("rounds", .right), ("answer", .left),
        ])
        let varied = VariedParameters(rows.map(\.cell))
        for row in rows where row.metric == row.cell.metric { table.add(line(row, varied, baseline)) }
        return table.text
    }

    private static func line(_ row: ResultRow, _ varied: VariedParameters, _ baseline: Baseline) -> [String] {
        let unit = row.metric.unit
        let label = [varied.label(row.cell), row.cell.backend, row.cell.switching, row.cell.cpus, row.metric.name]
        guard let figures = row.figures else { return label + ["", "", "", "", "", Wording.status(row.status)] }
        return label + [
            Figure.readable(figures.median, unit: unit),
            figures.interval.map { Wording.interval($0, unit: unit) } ?? Wording.tooFew(figures.rounds),
            figures.ratio.map { Figure.significant($0.median) } ?? (baseline.matches(row.cell) ? "baseline" : ""),
            figures.ratio.map(Wording.verdict) ?? "",
            "\(figures.rounds)",
            Wording.status(row.status),
        ]
    }
}

/// The wording that the tables share.
enum Wording {
    static func interval(_ interval: Interval, unit: String) -> String {
        "\(Figure.readable(interval.low, unit: unit)) – \(Figure.readable(interval.high, unit: unit))"
    }

    /// The interval of a ratio, and whether it allows a conclusion.
    static func verdict(_ ratio: ResultRow.Ratio) -> String {
        guard let interval = ratio.interval else { return tooFew(ratio.rounds) }
        let range = "\(Figure.significant(interval.low)) – \(Figure.significant(interval.high))"
        return ratio.isDifferent == true ? range : "\(range), no difference"
    }

    /// The text in place of an interval that needs more rounds.
    static func tooFew(_ rounds: Int) -> String { rounds == 1 ? "one round" : "two rounds" }

    static func status(_ status: TrialStatus) -> String {
        switch status {
        case .ok: "right"
        case .failed: "FAILED"
        case .unsupported: "unsupported"
        case .debug: "debug build, no measurement"
        }
    }
}
