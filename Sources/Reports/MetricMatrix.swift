// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A table of figures: one row per cell, one column per metric.
enum MetricMatrix {
    /// The table, in Markdown.
    ///
    /// - Parameter prefix: what the headings leave out of the metrics' names.
    static func text(
        _ rows: [ResultRow],
        _ varied: VariedParameters,
        metrics: [String],
        prefix: String = ""
    ) -> String {
        let present = metrics.filter { name in rows.contains { $0.metric.name == name } }
        let hasBuilds = rows.contains { $0.cell.build != nil }
        var table = MarkdownTable(
            [("workload", .left), ("backend", .left), ("switching", .left)] + (hasBuilds ? [("build", .left)] : [])
                + present.map { (String($0.dropFirst($0.hasPrefix(prefix) ? prefix.count : 0)), .right) }
        )
        let byCell = Dictionary(grouping: rows, by: \.cell)
        for cell in rows.map(\.cell).unique {
            let own = byCell[cell] ?? []
            table.add(
                [varied.label(cell), cell.scheduler, cell.switching] + (hasBuilds ? [Wording.build(cell.build)] : [])
                    + present.map { name in figure(own.first { $0.metric.name == name }) }
            )
        }
        return table.text
    }

    private static func figure(_ row: ResultRow?) -> String {
        guard let row, let figures = row.figures else { return "" }
        return Wording.figure(figures, unit: row.metric.unit)
    }
}
