// SPDX-License-Identifier: Apache-2.0

/// A table that the report also has in Markdown.
///
/// The first cell of a row is its heading.
struct TableView {
    /// The heading of a column.
    struct Heading {
        /// What it says.
        let title: String
        /// Whether the column has numbers, which are aligned at the right.
        let isNumber: Bool
    }

    /// A row.
    struct Row {
        /// Its first cell.
        let name: String
        /// The others.
        let cells: [Cell]
    }

    /// A cell behind the first of its row.
    struct Cell {
        /// What it says.
        var content: String
        /// Whether that is a number.
        var isNumber = false
        /// Where the content leads; nil for plain text.
        var address: String?
    }

    /// What the table shows, for readers who cannot see its place in the page.
    let caption: String
    /// The columns.
    let headings: [Heading]
    /// Whether the headings say more than the caption.
    let hasHeadings: Bool
    /// The rows.
    private(set) var rows: [Row]

    /// Shows a table.
    init(_ table: MarkdownTable, caption: String) {
        self.caption = caption
        headings = table.columns.map { Heading(title: $0.title, isNumber: $0.alignment == .right) }
        hasHeadings = headings.allSatisfy { !$0.title.isEmpty }
        let headings = headings
        rows = table.rows.map { row in
            let cells = zip(row, headings).dropFirst().map { Cell(content: $0, isNumber: $1.isNumber) }
            return Row(name: row.first ?? "", cells: cells)
        }
    }

    /// The same table with other last cells in each row.
    func replacingLast(_ cells: [[Cell]]) -> TableView {
        var table = self
        table.rows = zip(rows, cells).map { Row(name: $0.name, cells: $0.cells.dropLast($1.count) + $1) }
        return table
    }
}
