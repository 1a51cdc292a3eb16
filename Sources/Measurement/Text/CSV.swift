// SPDX-License-Identifier: Apache-2.0

/// Comma-separated values as in RFC 4180, but with a line feed at the end of a line.
package enum CSV {
    /// A line, with its line feed.
    package static func line(_ fields: [String]) -> String { self.fields(fields) + "\n" }

    /// A line, with its line feed.
    ///
    /// - Parameter prefix: the fields that many lines begin with, as ``fields(_:)`` has them.
    package static func line(_ prefix: String, _ fields: [String]) -> String {
        "\(prefix),\(self.fields(fields))\n"
    }

    /// Some fields of a line, with commas between them.
    package static func fields(_ fields: [String]) -> String {
        var text = ""
        for (index, value) in fields.enumerated() {
            if index > 0 { text += "," }
            text += field(value)
        }
        return text
    }

    /// A field, quoted only if it contains a comma, a quote or a line end.
    package static func field(_ text: String) -> String {
        // By bytes: a carriage return and a line feed form one character.
        let isPlain = text.utf8.allSatisfy {
            $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r")
        }
        guard !isPlain else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
