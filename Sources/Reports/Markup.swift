// SPDX-License-Identifier: Apache-2.0

/// Escapes text for HTML and SVG.
package enum Markup {
    /// Escapes text for use between tags and within quotes.
    ///
    /// Characters that XML forbids, such as most control characters, become the replacement character.
    package static func escaped(_ text: String) -> String {
        // By scalars: a mark with a combining accent is one `Character`.
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

    /// Escapes JSON for use in a script element, so that no tag can begin in it.
    package static func scriptSafe(_ json: String) -> String {
        // By bytes: a mark with a combining accent is one `Character`. In JSON, only strings contain a "<".
        var safe: [UInt8] = []
        for byte in json.utf8 {
            if byte == UInt8(ascii: "<") { safe += Array("\\u003c".utf8) } else { safe.append(byte) }
        }
        return String(decoding: safe, as: UTF8.self)
    }
}
