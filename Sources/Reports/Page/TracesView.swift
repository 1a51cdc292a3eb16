// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The traces, as the page shows them.
struct TracesView {
    /// What the table shows.
    let explanation: Prose
    /// A row per trace.
    let table: TableView

    /// Shows the traces of a run; nil without any.
    init?(_ report: RunReport) {
        guard let entries = report.description.traces, !entries.isEmpty else { return nil }
        explanation = Prose(TraceSection.explanation)
        table = TableView(
            TraceSection.table(entries, VariedParameters(report.plan.cells)),
            caption: "Traces"
        ).replacingLast(entries.map(Self.cells))
    }

    private static func cells(_ entry: TraceEntry) -> [TableView.Cell] {
        let waits = [entry.page == nil ? nil : "flame graph", entry.failure].compactMap(\.self)
        return [
            TableView.Cell(content: entry.file == nil ? "" : "file", address: entry.file),
            TableView.Cell(content: waits.joined(separator: "; "), address: entry.page),
        ]
    }
}
