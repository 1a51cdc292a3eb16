// SPDX-License-Identifier: Apache-2.0

/// What the sweeps of a parameter show, as a section of the page.
struct SweepView {
    /// Its anchor.
    let id: String
    let title: String
    /// What the tables show.
    let explanation: Prose
    let tables: [TableView]

    /// The anchor of the sweep of depths.
    static let depth = "depth"
    /// That of the ways to wait.
    static let waiting = "waiting"
    /// That of what softening switches brings.
    static let softening = "softening"
    /// That of the styles of connections.
    static let connections = "connections"

    /// The sections of a run: none where no parameter with a section of its own was swept.
    static func all(_ report: RunReport) -> [SweepView] {
        [
            SweepView("rates", RateSection.title, RateSection.explanation, RateSection.tables(report.rows)),
            SweepView(depth, DepthSection.title, DepthSection.explanation, DepthSection.tables(report.rows)),
            SweepView(
                waiting,
                WaysToWaitSection.title,
                WaysToWaitSection.explanation,
                WaysToWaitSection.tables(report.rows)
            ),
            SweepView(
                softening,
                SofterSwitchesSection.title,
                SofterSwitchesSection.explanation,
                SofterSwitchesSection.tables(report)
            ),
            SweepView(
                connections,
                ConnectionStylesSection.title,
                ConnectionStylesSection.explanation,
                ConnectionStylesSection.tables(report.rows)
            ),
        ]
        .compactMap(\.self)
    }

    private init?(_ id: String, _ title: String, _ explanation: String, _ tables: [MarkdownTable]) {
        guard !tables.isEmpty else { return nil }
        self.id = id
        self.title = title
        // Without the Markdown for emphasis and code.
        self.explanation = Prose(explanation.filter { $0 != "*" && $0 != "`" })
        self.tables = tables.map { TableView($0, caption: title) }
    }
}
