// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The headline metrics, one or two rows per cell: the table that `bench run` prints.
package enum SummaryTable {
    /// The table of a report, in Markdown; for two builds, the one that compares them.
    package static func text(_ report: RunReport) -> String {
        guard case .build(let name) = report.baseline else { return text(report.rows, baseline: report.baseline) }
        return BuildsTable.text(report.rows, other: name)
    }

    /// A table of schedulers, in Markdown.
    static func text(_ rows: [ResultRow], baseline: Baseline) -> String {
        var table = MarkdownTable([
            ("workload", .left), ("backend", .left), ("switching", .left), ("CPUs", .left), ("per", .left),
            ("mean", .right), ("95 % interval", .right), ("ratio", .right), ("95 % interval", .right),
            ("verdict", .left), ("finds", .right), ("processes", .right), ("full speed", .right), ("answer", .left),
        ])
        let varied = VariedParameters(rows.map(\.cell))
        let remarks = GeneratorRemarks(rows)
        for row in rows where row.isHeadline {
            table.add(line(row, varied, baseline, remarks.remark(on: row.cell, for: row.metric)))
        }
        return table.text
    }

    private static func line(
        _ row: ResultRow,
        _ varied: VariedParameters,
        _ baseline: Baseline,
        _ remark: String
    ) -> [String] {
        let unit = row.metric.unit
        let label = [varied.label(row.cell), row.cell.scheduler, row.cell.switching, row.cell.cpus, row.metric.name]
        guard let figures = row.figures else {
            return label + Array(repeating: "", count: 8) + [Wording.status(row.status)]
        }
        return label + [
            Wording.figure(figures, unit: unit),
            figures.interval.map { Wording.interval($0, unit: unit) } ?? "",
            figures.comparison.map { Figure.significant($0.ratio) } ?? (baseline.matches(row.cell) ? "baseline" : ""),
            figures.comparison?.interval.map(Wording.ratios) ?? "",
            figures.verdict.map(Wording.verdict) ?? "",
            figures.comparison?.smallestEffect.map(Wording.effect) ?? "",
            "\(figures.processes)",
            figures.fullSpeedShare.map { Figure.percent($0, of: 1) } ?? "",
            Wording.status(row.status) + remark,
        ]
    }
}

/// The remarks on cells whose load generator had next to no time left, so that a faster server would not show.
struct GeneratorRemarks {
    private let limited: Set<Cell>

    init(_ rows: [ResultRow]) {
        limited = Set(rows.filter { $0.metric == .generatorBusy && ($0.figures?.value ?? 0) >= 0.9 }.map(\.cell))
    }

    /// What follows the outcome of a cell; empty for most.
    ///
    /// - Parameter metric: that of the row: what the server alone spends is not limited.
    func remark(on cells: Cell..., for metric: Metric) -> String {
        metric != .serverTime && cells.contains(where: limited.contains) ? ", limited by the load generator" : ""
    }
}
