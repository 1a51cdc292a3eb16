// SPDX-License-Identifier: Apache-2.0

import Harness

extension UsageError {
    /// An unknown name, with the known names and the nearest of them.
    ///
    /// - Parameter others: more names to suggest, which are not listed.
    static func unknown(_ kind: String, _ name: String, known: [String], orElse others: [String] = []) -> UsageError {
        let hint = Names.nearest(to: name, in: known + others).map { "; did you mean '\($0)'?" } ?? ""
        return UsageError("unknown \(kind) '\(name)'; expected one of \(known.joined(separator: ", "))\(hint)")
    }

    /// An invalid value of an option or a parameter.
    static func invalid(_ option: String, _ text: String, expected: String) -> UsageError {
        UsageError("invalid value '\(text)' for \(option): expected \(expected)")
    }

    /// Parses a whole number; nil stays nil.
    static func whole(_ option: String, _ text: String?, in range: ClosedRange<Int>) throws -> Int? {
        try text.map { try whole(option, $0, in: range) }
    }

    /// Parses a whole number.
    static func whole(_ option: String, _ text: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(text), range.contains(number) else {
            let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            throw UsageError.invalid(option, text, expected: expected)
        }
        return number
    }

    /// Parses a time in seconds, such as 10 or 0.5: from a millisecond to a day.
    static func seconds(_ option: String, _ text: String) throws -> Duration {
        guard text.wholeMatch(of: /[0-9]{1,5}(\.[0-9]{1,3})?/) != nil, let seconds = Double(text),
            (0.001...86_400).contains(seconds)
        else {
            throw UsageError.invalid(option, text, expected: "seconds from 0.001 to 86400, to three decimal places")
        }
        return .milliseconds(Int((seconds * 1_000).rounded()))
    }
}
