// SPDX-License-Identifier: Apache-2.0

/// The sweeps of the offered rate, as the page shows them.
struct RatesView {
    /// What the tables show.
    let explanation: Prose
    /// A table per workload.
    let tables: [TableView]

    /// Shows the sweeps of a run; nil without any.
    init?(_ report: RunReport) {
        let tables = RateSection.tables(report.rows)
        guard !tables.isEmpty else { return nil }
        // Without the Markdown for emphasis.
        explanation = Prose(RateSection.explanation.filter { $0 != "*" })
        self.tables = tables.map { TableView($0, caption: "Latency against offered rate") }
    }
}
