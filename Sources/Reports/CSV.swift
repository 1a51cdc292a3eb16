// SPDX-License-Identifier: Apache-2.0

/// Comma-separated values as in RFC 4180, with line feeds as line ends.
package enum CSV {
    /// One line, its end included.
    package static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\n"
    }

    /// A field: quoted where it holds a comma, a quote or a line end, and only there.
    static func field(_ text: String) -> String {
        // Unicode scalars, because a carriage return and a line feed are one character.
        guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }) else {
            return text
        }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
