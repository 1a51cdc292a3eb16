// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The overview: one row per backend and switching, one column per workload, or per value of what that varies.
enum Overview {
    /// The table; nil for a single workload, whose results it would repeat.
    static func table(_ rows: [ResultRow]) -> String? {
        let own = rows.filter { $0.metric == $0.cell.metric && $0.cell.build == nil }
        guard own.map(\.cell.workload).unique.count > 1 else { return nil }
        let varied = VariedParameters(own.map(\.cell))
        let workloads = own.map { varied.label($0.cell) }.unique
        var table = MarkdownTable([("backend", .left), ("switching", .left)] + workloads.map { ($0, .right) })
        for variant in own.map({ Variant(scheduler: $0.cell.scheduler, switching: $0.cell.switching) }).unique {
            table.add(
                [variant.scheduler, variant.switching]
                    + workloads.map { workload in
                        figure(own.first { varied.label($0.cell) == workload && variant.ran($0.cell) })
                    }
            )
        }
        return table.text
    }

    private static func figure(_ row: ResultRow?) -> String {
        guard let row else { return "" }
        guard let figures = row.figures else { return Wording.status(row.status) }
        return Wording.figure(figures, unit: row.metric.unit)
    }

    private struct Variant: Hashable {
        var scheduler: String
        var switching: String

        func ran(_ cell: Cell) -> Bool { cell.scheduler == scheduler && cell.switching == switching }
    }
}

/// A table of figures: one row per cell, one column per metric.
enum MetricMatrix {
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
