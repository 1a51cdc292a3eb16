// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The section on the styles of `blocking-styles`: what each costs, and how often it switches.
enum WaysToWaitSection {
    static let title = "Ways to wait for a callback"

    /// The section, in Markdown; empty where the workload did not run.
    static func text(_ rows: [ResultRow]) -> String { MarkdownTable.section(title, explanation, tables(rows)) }

    /// What the table shows.
    static let explanation = """
        One front end, written in four styles: `callbacks` has completion handlers alone; in `block-on` a callback sends the \
        page on a channel to a tasklet, in `one-shot` it leaves the page there for the tasklet; in `tasklets` each fetches its page itself. They \
        wait in a `tasklet`'s asynchronous code, or in a synchronous `frame` that it has called, a comparator given to sort, which \
        can only wait hard. The clients keep the processor busy, so requests per second are what a style costs; the latency \
        added to the delays of the back ends is then mostly a queue. Switches, hard ones by their cause, and allocations are \
        per request, of the back ends, too; the lines of code are those of the front end's part.
        """

    /// A table with a line per scheduler, style and place; none where the workload did not run.
    static func tables(_ rows: [ResultRow]) -> [MarkdownTable] {
        let cells = StyledCell.all(rows).filter { $0.softening == nil }
        guard !cells.isEmpty else { return [] }
        let varied = VariedParameters(cells.map(\.common))
        var table = MarkdownTable(
            [("workload", .left), ("backend", .left), ("switching", .left), ("style", .left), ("waits in", .left)]
                + metrics.map { ($0.title, .right) } + [
                    ("lines", .right), ("switches", .left), ("hard ones by cause", .left),
                ]
        )
        for cell in cells {
            table.add(
                [varied.label(cell.common), cell.cell.scheduler, cell.cell.switching, cell.style, cell.shownPlace]
                    + (cell.status.hasFigures ? figures(cell) : outcome(cell))
            )
        }
        return [table]
    }

    private static let metrics: [(title: String, metric: Metric)] = [
        ("requests", .requestsPerSecond), ("added p50", .percentile(50, of: "added-latency")),
        ("added p99", .percentile(99, of: "added-latency")), ("CPU", .cpuTime), ("allocations", .allocations),
    ]

    private static func figures(_ cell: StyledCell) -> [String] {
        let lines = cell.figures(.linesOfCode).map { Figure.compact($0.value) } ?? ""
        return metrics.map { cell.text($0.metric) } + [lines, list(cell.switches), list(cell.hardCauses)]
    }

    private static func outcome(_ cell: StyledCell) -> [String] {
        [Wording.status(cell.status)] + metrics.dropFirst().map { _ in "" } + ["", "", ""]
    }

    private static func list(_ counts: [(name: String, count: Double)]) -> String {
        counts.map { "\($0.name) \(Wording.count($0.count))" }.joined(separator: ", ")
    }
}
