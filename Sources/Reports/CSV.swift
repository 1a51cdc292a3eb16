// SPDX-License-Identifier: Apache-2.0

/// Comma-separated values as in RFC 4180, but with a line feed at the end of a line.
package enum CSV {
    /// A line, with its line feed.
    package static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\n"
    }

    /// A field, quoted only if it contains a comma, a quote or a line end.
    static func field(_ text: String) -> String {
        // By Unicode scalars: a carriage return and a line feed form one character.
        guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }) else {
            return text
        }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
