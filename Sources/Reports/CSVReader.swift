// SPDX-License-Identifier: Apache-2.0

/// Reads comma-separated values: what ``CSV`` writes, and lines that end with a carriage return and a line feed.
struct CSVReader {
    private let bytes: [UInt8]
    private var position = 0
    /// The line at `position`, from 1.
    private var line = 1

    /// Reads from the beginning of a text.
    init(_ text: String) { bytes = Array(text.utf8) }

    /// A record: a line, or several if a quoted field contains line ends.
    struct Record: Equatable {
        /// The number of its first line, from 1.
        let line: Int
        /// Its fields, at least one.
        var fields: [String]
    }

    /// The next record; nil at the end of the text.
    mutating func next() throws(CSVError) -> Record? {
        guard position < bytes.count else { return nil }
        var record = Record(line: line, fields: [try field()])
        while skip(Self.comma) { record.fields.append(try field()) }
        _ = skip(Self.carriageReturn)
        if skip(Self.lineFeed) { line += 1 }
        return record
    }

    private mutating func field() throws(CSVError) -> String {
        guard !skip(Self.quote) else { return try quoted() }
        let start = position
        while !isAtEndOfField { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// The rest of a field whose first quote has been read.
    private mutating func quoted() throws(CSVError) -> String {
        let start = line
        var text: [UInt8] = []
        while let next = byte(at: 0) {
            position += 1
            if next == Self.quote && !skip(Self.quote) {
                guard isAtEndOfField else { throw CSVError(line: start, problem: "has text behind a quoted field") }
                return String(decoding: text, as: UTF8.self)
            }
            if next == Self.lineFeed { line += 1 }
            text.append(next)
        }
        throw CSVError(line: start, problem: "opens a quote that nothing closes")
    }

    private var isAtEndOfField: Bool {
        switch byte(at: 0) {
        case nil, Self.comma, Self.lineFeed: true
        case Self.carriageReturn: byte(at: 1) == Self.lineFeed
        default: false
        }
    }

    private func byte(at offset: Int) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func skip(_ expected: UInt8) -> Bool {
        guard byte(at: 0) == expected else { return false }
        position += 1
        return true
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let lineFeed = UInt8(ascii: "\n")
}

/// What is wrong with a file of comma-separated values.
package struct CSVError: Error, Equatable {
    /// The line, from 1; nil for the file as a whole.
    let line: Int?
    /// The predicate of the sentence whose subject is the line or the file.
    let problem: String

    /// The sentence, with the path of the file.
    package func sentence(path: String) -> String {
        (line.map { "line \($0) of " } ?? "") + "'\(path)' \(problem)"
    }
}
