// SPDX-License-Identifier: Apache-2.0

/// How the edge cases of waiting for a callback have ended: a row for each case and style, a column for each scheduler.
struct DeadlockMatrix {
    /// One of a row's cells.
    struct Cell {
        /// How it has ended, in a word or two.
        var word: String
        /// What is wrong, in a sentence; nil where it has ended as expected.
        var surprise: String?
    }

    struct Row {
        /// Such as `E1`.
        var identifier: String
        /// What happens in the case.
        var sentence: String
        var style: String
        /// In the order of the schedulers.
        var cells: [Cell]
    }

    /// The names of the schedulers.
    var schedulers: [String]
    /// A scheduler that has no column, and why, as half a sentence; nil for none.
    var remark: String?
    var rows: [Row] = []

    /// The cells that have not ended as expected, a line each.
    var surprises: [String] {
        rows.flatMap { row in
            zip(schedulers, row.cells).compactMap { scheduler, cell in
                cell.surprise.map { "\(row.identifier), \(row.style), \(scheduler): \($0)" }
            }
        }
    }

    // MARK: Markdown

    /// The table, what the cases are, and what was not expected.
    var markdown: String {
        let remarks = remark.map { ["", "Without one scheduler: \($0)."] } ?? []
        let lines = ["# Edge cases of waiting for a callback", ""] + table + [""] + cases + [""] + verdict + remarks
        return lines.joined(separator: "\n")
    }

    private var table: [String] {
        let header = ["Case", "Style"] + schedulers
        let lines = rows.map { row in
            [row.identifier, row.style] + row.cells.map { $0.surprise == nil ? $0.word : "**\($0.word)**" }
        }
        return [Self.line(header), Self.line(header.map { _ in "---" })] + lines.map(Self.line)
    }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    private var cases: [String] {
        var seen: Set<String> = []
        return rows.filter { seen.insert($0.identifier).inserted }.map { "- \($0.identifier): \($0.sentence)" }
    }

    private var verdict: [String] {
        let surprises = surprises
        let count = rows.reduce(0) { $0 + $1.cells.count }
        guard !surprises.isEmpty else { return ["All \(count) programs have ended as expected."] }
        return ["\(surprises.count) of \(count) programs have not ended as expected:", ""] + surprises.map { "- \($0)" }
    }
}
