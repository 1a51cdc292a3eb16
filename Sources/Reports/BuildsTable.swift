// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The headline metrics of a run of two builds: one or two rows per cell, with a column for each build.
enum BuildsTable {
    /// The table, in Markdown.
    ///
    /// - Parameter other: the name of the other build.
    static func text(_ rows: [ResultRow], other: String) -> String {
        var table = MarkdownTable([
            ("workload", .left), ("backend", .left), ("switching", .left), ("per", .left),
            (Wording.build(other), .right),
            ("this build", .right), ("ratio", .right), ("95 % interval", .right), ("verdict", .left),
            ("finds", .right), ("processes", .right), ("full speed", .right), ("answer", .left),
        ])
        let varied = VariedParameters(rows.map(\.cell))
        let headlines = rows.filter(\.isHeadline)
        let remarks = GeneratorRemarks(rows)
        for row in headlines where row.cell.build == nil {
            let twin = row.cell.on(build: other)
            let twinRow = headlines.first { $0.cell == twin && $0.metric == row.metric }
            table.add(line(row, twinRow, varied, remarks.remark(on: row.cell, twin, for: row.metric)))
        }
        return table.text
    }

    private static func line(_ row: ResultRow, _ other: ResultRow?, _ varied: VariedParameters, _ remark: String)
        -> [String]
    {
        let cell = row.cell
        let figures = row.figures
        let comparison = figures?.comparison
        let conclusions: [String?] = [
            comparison.map { Figure.significant($0.ratio) }, comparison?.interval.map(Wording.ratios),
            figures?.verdict.map { verdict($0, comparison, row.metric) },
            comparison?.smallestEffect.map(Wording.effect), figures.map { "\($0.processes)" },
            figures?.fullSpeedShare.map { Figure.percent($0, of: 1) }, Wording.status(row.status) + remark,
        ]
        return [varied.label(cell), cell.scheduler, cell.switching, row.metric.name, figure(other), figure(row)]
            + conclusions.map { $0 ?? "" }
    }

    private static func figure(_ row: ResultRow?) -> String {
        guard let row else { return "" }
        return row.figures.map { Wording.figure($0, unit: row.metric.unit) } ?? Wording.status(row.status)
    }

    /// The verdict on a row that is compared with the other build.
    static func verdict(_ verdict: Verdict, _ comparison: Comparison?, _ metric: Metric) -> String {
        guard verdict == .different, let comparison else { return Wording.verdict(verdict) }
        return (comparison.ratio < 1) == (metric.direction == .lower) ? "better" : "worse"
    }
}
