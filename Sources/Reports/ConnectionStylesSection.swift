// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues

/// The section on how the server's side of a connection is written: what a message and a connection cost in each style.
enum ConnectionStylesSection {
    static let title = "Protocols in tasklets"

    /// The section, in Markdown; empty where neither workload ran.
    static func text(_ rows: [ResultRow]) -> String { MarkdownTable.section(title, explanation, tables(rows)) }

    /// What the tables show.
    static let explanation = """
        An echo server written in three styles: `tasklets` has a tasklet a connection, which waits for the socket; in \
        `protocols` the reactor reads, and its callbacks deliver through a channel to a tasklet a connection, which writes through \
        the reactor; `callbacks` has callbacks of the reactor alone. Messages come at a fixed rate, spread over all \
        connections. The memory is that of a connection on which nothing comes.
        """

    /// A table of messages and one of memory, each where it was measured.
    static func tables(_ rows: [ResultRow]) -> [MarkdownTable] { [messages(rows), memory(rows)].compactMap(\.self) }

    private static func messages(_ rows: [ResultRow]) -> MarkdownTable? {
        let groups = Groups(rows, "protocol-in-tasklet")
        var table = MarkdownTable([
            ("style", .left), ("connections", .right), ("backend", .left), ("switching", .left), ("p50", .right),
            ("p99", .right), ("CPU", .right), ("switches", .right), ("allocations", .right),
        ])
        for cell in groups.cells {
            func text(_ metric: Metric) -> String {
                groups.figures(cell, metric).map { Wording.figure($0, unit: metric.unit) } ?? ""
            }
            let switches = groups.sum(cell) { $0.hasPrefix("switches-") && !$0.contains("-by-") }
            table.add(
                [cell.word("style") ?? "", cell.parameters["connections"]?.description ?? "", cell.scheduler]
                    + [cell.switching, text(.percentile(50, of: "latency")), text(.percentile(99, of: "latency"))]
                    + [text(.cpuTime), Wording.count(switches), text(.allocations)]
            )
        }
        return groups.cells.isEmpty ? nil : table
    }

    private static func memory(_ rows: [ResultRow]) -> MarkdownTable? {
        let groups = Groups(rows, "protocol-memory")
        var table = MarkdownTable([
            ("style", .left), ("connections", .right), ("backend", .left), ("switching", .left),
            ("memory of a connection", .right),
        ])
        for cell in groups.cells {
            let figures = groups.figures(cell, cell.metric)
            table.add([
                cell.word("style") ?? "", cell.parameters["connections"]?.description ?? "", cell.scheduler,
                cell.switching, figures.map { Wording.figure($0, unit: cell.metric.unit) } ?? "",
            ])
        }
        return groups.cells.isEmpty ? nil : table
    }

    /// The rows of a workload by cell, in the order of their first rows.
    private struct Groups {
        let cells: [Cell]
        private let rows: [Cell: [ResultRow]]

        init(_ rows: [ResultRow], _ workload: String) {
            let own = rows.filter { $0.cell.workload == workload && $0.figures != nil && $0.cell.build == nil }
            cells = own.map(\.cell).unique
            self.rows = Dictionary(grouping: own, by: \.cell)
        }

        func figures(_ cell: Cell, _ metric: Metric) -> ResultRow.Figures? {
            rows[cell]?.first { $0.metric == metric }?.figures
        }

        func sum(_ cell: Cell, _ isCounted: (String) -> Bool) -> Double {
            (rows[cell] ?? []).filter { isCounted($0.metric.name) }.compactMap(\.figures?.value).reduce(0, +)
        }
    }
}
