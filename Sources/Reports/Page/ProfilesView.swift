// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The profiles, as the page shows them.
struct ProfilesView {
    /// What the tables show.
    let explanation: Prose
    /// A row per profile.
    let shares: TableView
    /// What the second table shows.
    let costsExplanation: Prose
    /// The profiler's cost.
    let costs: TableView

    /// Shows the profiles of a run; nil without any.
    init?(_ report: RunReport) {
        let entries = report.description.profiles
        guard !entries.isEmpty else { return nil }
        explanation = Prose(ProfileSection.explanation)
        let table = ProfileSection.shares(entries, VariedParameters(report.plan.cells))
        shares = TableView(table, caption: "Profiles").replacingLast(entries.map { [Self.cell($0)] })
        costsExplanation = Prose(ProfileSection.costsExplanation)
        costs = TableView(ProfileSection.costs(entries), caption: "The profiler's cost")
    }

    private static func cell(_ entry: ProfileEntry) -> TableView.Cell {
        let texts = [entry.page == nil ? nil : "flame graph", entry.failure].compactMap(\.self)
        return TableView.Cell(content: texts.joined(separator: "; "), address: entry.page)
    }
}
