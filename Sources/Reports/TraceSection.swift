// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The report's section on the traces made after the measurements.
enum TraceSection {
    /// The section; empty without traces.
    static func text(_ entries: [TraceEntry], _ varied: VariedParameters) -> String {
        guard !entries.isEmpty else { return "" }
        return "## Traces\n\n\(explanation)\n\n\(table(entries, varied).text)"
    }

    /// What the table shows.
    static let explanation = """
        One run each, after all measurements, with a recorder of every switch. A trace (`.trace.json`) opens in \
        Perfetto (ui.perfetto.dev): a track a thread, a slice a tasklet's run, an arrow from the tasklet that wakes to \
        the one that is woken. The shares are of the lives of all tasklets together: how long they had the processor, \
        and how long they waited, and for what; the report of the waits (`.waits.md`) has them by tasklet. The recorder \
        makes switches several times slower, so no time in a trace is to be compared with a measured one.
        """

    /// A row per trace.
    ///
    /// The last column has the link to the flame graph of the waits, in Markdown, and why a trace failed.
    static func table(_ entries: [TraceEntry], _ varied: VariedParameters) -> MarkdownTable {
        let names = entries.flatMap { $0.parts.map(\.name) }.unique
        var table = MarkdownTable(
            [("workload", .left), ("backend", .left), ("switching", .left)] + names.map { ($0, .right) }
                + [("events", .right), ("trace", .left), ("waits", .left)]
        )
        for entry in entries {
            let shares = names.map { name in
                entry.parts.first { $0.name == name }.map { Figure.percent($0.fraction, of: 1) } ?? ""
            }
            let page = entry.page.map { "[page](\($0))" }
            table.add(
                [varied.label(entry.cell), entry.cell.scheduler, entry.cell.switching] + shares
                    + [
                        events(entry), entry.file.map { "[file](\($0))" } ?? "",
                        [page, entry.failure].compactMap(\.self).joined(separator: "; "),
                    ]
            )
        }
        return table
    }

    private static func events(_ entry: TraceEntry) -> String {
        "\(entry.events)\(entry.isCut ? ", the first ones" : "")"
    }
}
