// SPDX-License-Identifier: Apache-2.0

/// A table in Markdown, its columns padded so that it also reads well as plain text.
package struct MarkdownTable {
    /// How a column is set.
    package enum Alignment { case left, right }

    private var columns: [(title: String, alignment: Alignment)]
    private var lines: [[String]] = []

    /// Creates a table without lines.
    package init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

    var isEmpty: Bool { lines.isEmpty }

    /// Adds a line, with a cell for each column; bars in the cells are made harmless.
    package mutating func add(_ cells: [String]) {
        lines.append(cells.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") })
    }

    /// The table, with a line break at its end.
    package var text: String {
        let widths = columns.indices.map { index in
            ([columns[index].title] + lines.map { $0[index] }).map(\.count).max() ?? 0
        }
        let rule = zip(columns, widths).map { column, width in
            let dashes = String(repeating: "-", count: width + 1)
            return column.alignment == .left ? "-\(dashes)" : "\(dashes):"
        }
        return
            ([row(columns.map(\.title), widths)] + ["|" + rule.joined(separator: "|") + "|\n"]
            + lines.map { row($0, widths) }).joined()
    }

    private func row(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { index in
            let blank = String(repeating: " ", count: widths[index] - cells[index].count)
            return columns[index].alignment == .left ? cells[index] + blank : blank + cells[index]
        }
        return "| " + padded.joined(separator: " | ") + " |\n"
    }
}
