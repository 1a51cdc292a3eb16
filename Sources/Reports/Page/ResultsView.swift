// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The table of all results, as the page shows it.
///
/// The page has the rows of the headline metrics as HTML, and all rows as data, from which its script makes the others:
/// as HTML, thousands of rows would make it several times as large.
struct ResultsView {
    /// A row of a headline metric.
    struct Row {
        /// The content of its first cell.
        let name: String
        /// The others.
        let cells: [ResultCell]
    }

    /// The columns.
    let columns: [TableView.Heading]
    /// The rows of the headline metrics.
    let headlines: [Row]
    /// How many rows there are.
    let count: String
    /// All rows, as JSON that is safe in a script element.
    let data: String
    /// What the metrics are.
    let explanations: [Prose]

    /// Shows the rows of a run.
    init(_ report: RunReport) throws {
        let cells = ResultCells(report)
        let rows = report.rows.map { (isHeadline: $0.isHeadline, cells: cells.cells($0)) }
        columns = cells.columns
        headlines = rows.filter(\.isHeadline).map { row in
            Row(name: row.cells.first?.content ?? "", cells: Array(row.cells.dropFirst()))
        }
        count = Figure.fixed(Double(rows.count), decimals: 0)
        data = Markup.scriptSafe(try ResultsData.json(columns: cells.columns, rows: rows))
        explanations = [
            WaitTimesSection.explanation(report), ReportPage.countsExplanation, ReportPage.costsExplanation,
        ].filter { !$0.isEmpty }.map(Prose.init)
    }
}
