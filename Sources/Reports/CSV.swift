// SPDX-License-Identifier: Apache-2.0

/// Comma-separated values as in RFC 4180, but with a line feed at the end of a line.
package enum CSV {
    /// A line, with its line feed.
    package static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\n"
    }

    /// A field, quoted only if it contains a comma, a quote or a line end.
    static func field(_ text: String) -> String {
        // By bytes: a carriage return and a line feed form one character.
        let isPlain = text.utf8.allSatisfy {
            $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r")
        }
        guard !isPlain else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
