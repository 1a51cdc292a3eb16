// SPDX-License-Identifier: Apache-2.0

/// The pairs of schedulers that readers ask about, as the page shows them.
struct SideBySideView {
    /// What the table shows.
    let explanation = Prose(SideBySideSection.explanation)
    /// A row per pair, a column per kind of load.
    let table: TableView

    /// Shows the pairs of a run; nil without any.
    init?(_ report: RunReport) {
        guard let table = SideBySideSection.table(report) else { return nil }
        self.table = TableView(table, caption: "Schedulers side by side")
    }
}
