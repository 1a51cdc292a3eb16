// SPDX-License-Identifier: Apache-2.0

/// All rows of the table of results, for the page's script.
///
/// A row is an array. Its first element says whether it belongs to a headline metric; the others are the cells: a
/// number is the index of a text in `words`, and an array has the text, its digits, and, of an interval, those of the
/// upper end.
enum ResultsData {
    /// The data as JSON.
    static func json(columns: [TableView.Heading], rows: [(isHeadline: Bool, cells: [ResultCell])]) throws -> String {
        var words = Words()
        let rows = rows.map { row in
            DataRow(isHeadline: row.isHeadline, cells: row.cells.map { DataCell($0, &words) })
        }
        return try JSONText.line(
            Page(
                columns: columns.map { Column(title: $0.title, isNumber: $0.isNumber) },
                rows: rows,
                words: words.all
            )
        )
    }

    private struct Page: Encodable {
        let columns: [Column]
        let rows: [DataRow]
        let words: [String]
    }

    private struct Column: Encodable {
        let title: String
        let isNumber: Bool
    }
}

/// The distinct texts.
private struct Words {
    private(set) var all: [String] = []
    private var indices: [String: Int] = [:]

    mutating func index(_ word: String) -> Int {
        if let index = indices[word] { return index }
        indices[word] = all.count
        all.append(word)
        return all.count - 1
    }
}

private struct DataRow: Encodable {
    let isHeadline: Bool
    let cells: [DataCell]

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(isHeadline ? 1 : 0)
        for cell in cells { try container.encode(cell) }
    }
}

private enum DataCell: Encodable {
    case word(Int)
    case figures([String])

    init(_ cell: ResultCell, _ words: inout Words) {
        guard let low = cell.low else {
            self = .word(words.index(cell.content))
            return
        }
        self = .figures([cell.content, low] + [cell.high].compactMap(\.self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .word(let index): try container.encode(index)
        case .figures(let texts): try container.encode(texts)
        }
    }
}
