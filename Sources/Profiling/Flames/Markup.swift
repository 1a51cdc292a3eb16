// SPDX-License-Identifier: Apache-2.0

/// Text within HTML and SVG.
enum Markup {
    /// Text that means itself, both between tags and within quotes.
    ///
    /// What XML does not allow at all, such as most control characters, becomes the replacement character.
    static func escaped(_ text: String) -> String {
        // Scalars, because a mark and an accent that follows it are one character.
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            case "\t", "\n", "\r": escaped.append(" ")
            case "\0"..<" ", "\u{7f}"..."\u{9f}", "\u{fffe}", "\u{ffff}": escaped.append("\u{fffd}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// JSON that may stand in a script element: no tag can begin in it.
    static func scriptSafe(_ json: String) -> String {
        // Bytes, because a mark and an accent that follows it are one character. Only strings hold a "<".
        var safe: [UInt8] = []
        for byte in json.utf8 {
            if byte == UInt8(ascii: "<") { safe += Array("\\u003c".utf8) } else { safe.append(byte) }
        }
        return String(decoding: safe, as: UTF8.self)
    }
}
