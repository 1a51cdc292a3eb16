// SPDX-License-Identifier: Apache-2.0

/// What was typed cannot be done: one sentence that names the value and what is allowed.
struct UsageError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// A name that is not one of those known, with the nearest of them or of what else may have been meant.
    static func unknown(_ kind: String, _ name: String, known: [String], orElse others: [String] = []) -> UsageError {
        let hint = Names.nearest(to: name, in: known + others).map { "; did you mean '\($0)'?" } ?? ""
        return UsageError("unknown \(kind) '\(name)'; there are \(known.joined(separator: ", "))\(hint)")
    }

    /// A text that is not a number of the right size.
    static func number(_ option: String, _ text: String, allowed: String) -> UsageError {
        UsageError("'\(text)' is not allowed for \(option), which takes \(allowed)")
    }

    /// The whole number that a text is; nil without a text.
    static func whole(_ option: String, _ text: String?, in range: ClosedRange<Int>) throws -> Int? {
        try text.map { try whole(option, $0, in: range) }
    }

    /// The whole number that a text is.
    static func whole(_ option: String, _ text: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(text), range.contains(number) else {
            let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            throw UsageError.number(option, text, allowed: allowed)
        }
        return number
    }
}

/// Names that people type.
enum Names {
    /// The known name that needs the fewest single-letter edits, where that is few enough for a slip.
    static func nearest(to name: String, in known: [String]) -> String? {
        let ranked = known.map { ($0, distance(name, $0)) }.min { $0.1 < $1.1 }
        guard let (nearest, edits) = ranked, edits <= max(2, name.count / 3) else { return nil }
        return nearest
    }

    /// The Levenshtein distance.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (line, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in right.indices {
                let substituted = diagonal + (right[column] == character ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
