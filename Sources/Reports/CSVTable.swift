// SPDX-License-Identifier: Apache-2.0

/// The rows of a file of comma-separated values, whose columns have names.
///
/// The columns are found by name, not by position, so that files of later versions, which have more of them, can be
/// read as well.
struct CSVTable {
    /// The rows below the header.
    let rows: [Row]

    /// Reads a text; all of the named columns must exist.
    init(_ text: String, needs names: [String]) throws(CSVError) {
        var reader = CSVReader(text)
        let header = try reader.next()?.fields ?? []
        let columns = Dictionary(zip(header, header.indices)) { first, _ in first }
        for name in names where columns[name] == nil {
            throw CSVError(line: nil, problem: "has no column '\(name)'")
        }
        var rows: [Row] = []
        while let record = try reader.next() {
            guard record.fields.count == header.count else {
                throw CSVError(
                    line: record.line,
                    problem: "has \(Self.count(record.fields.count)) instead of \(header.count)"
                )
            }
            rows.append(Row(line: record.line, fields: record.fields, columns: columns))
        }
        self.rows = rows
    }

    private static func count(_ fields: Int) -> String { fields == 1 ? "1 field" : "\(fields) fields" }

    /// A row.
    struct Row {
        /// The number of its first line, from 1.
        let line: Int
        fileprivate let fields: [String]
        fileprivate let columns: [String: Int]

        /// The field of a column; empty without such a column.
        subscript(name: String) -> String { columns[name].map { fields[$0] } ?? "" }

        /// Whether the file has a column.
        func has(_ name: String) -> Bool { columns[name] != nil }

        /// The field of a column as a finite number.
        func number(_ name: String) throws(CSVError) -> Double {
            guard let number = Double(self[name]), number.isFinite else { throw error(name, expected: "a number") }
            return number
        }

        /// The field of a column as one of a few words.
        func word<Word: RawRepresentable<String>>(_ name: String, of words: [Word]) throws(CSVError) -> Word {
            guard let word = words.first(where: { $0.rawValue == self[name] }) else {
                throw error(name, expected: "one of \(words.map(\.rawValue).joined(separator: ", "))")
            }
            return word
        }

        private func error(_ name: String, expected: String) -> CSVError {
            CSVError(line: line, problem: "has the \(name) '\(self[name])' instead of \(expected)")
        }
    }
}
