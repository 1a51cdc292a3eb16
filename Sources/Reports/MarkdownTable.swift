// SPDX-License-Identifier: Apache-2.0

/// A Markdown table, with padded columns so that it is readable as plain text.
package struct MarkdownTable {
    /// The alignment of a column.
    package enum Alignment { case left, right }

    /// The columns.
    let columns: [(title: String, alignment: Alignment)]
    /// The rows, with one cell per column.
    private(set) var rows: [[String]] = []

    /// Creates a table without rows.
    package init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

    /// A section of tables, with what they show; empty without tables.
    static func section(_ title: String, _ explanation: String, _ tables: [MarkdownTable]) -> String {
        guard !tables.isEmpty else { return "" }
        return "## \(title)\n\n\(explanation)\n\n\(tables.map(\.text).joined(separator: "\n"))\n"
    }

    /// Adds a row, with one cell per column.
    package mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The table's text, with a line feed at its end; escapes bars in the cells.
    package var text: String {
        let rows = rows.map { $0.map(escaped) }
        let widths = columns.indices.map { index in
            ([columns[index].title] + rows.map { $0[index] }).map(\.count).max() ?? 0
        }
        let rule = zip(columns, widths).map { column, width in
            let dashes = String(repeating: "-", count: width + 1)
            return column.alignment == .left ? "-\(dashes)" : "\(dashes):"
        }
        return
            ([row(columns.map(\.title), widths)] + ["|" + rule.joined(separator: "|") + "|\n"]
            + rows.map { row($0, widths) }).joined()
    }

    private func escaped(_ cell: String) -> String {
        cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private func row(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { index in
            let blank = String(repeating: " ", count: widths[index] - cells[index].count)
            return columns[index].alignment == .left ? cells[index] + blank : blank + cells[index]
        }
        return "| " + padded.joined(separator: " | ") + " |\n"
    }
}
