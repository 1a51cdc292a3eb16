// SPDX-License-Identifier: Apache-2.0

/// Text for a terminal of 80 columns, with or without colour.
///
/// Columns are padded by characters. Lines are short enough that they have at most 80 bytes, too: tools that count
/// bytes, such as mawk, find no line too long either.
package struct TerminalText: Sendable {
    /// Whether escape sequences make some of it bold or faint.
    package var hasColour: Bool
    /// The columns.
    static let width = 80

    /// Text with or without colour.
    package init(hasColour: Bool) { self.hasColour = hasColour }

    /// What the eye should find first.
    func bold(_ text: String) -> String { styled(text, "1") }

    /// What explains the rest.
    func faint(_ text: String) -> String { styled(text, "2") }

    private func styled(_ text: String, _ code: String) -> String {
        hasColour && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// A sentence in lines that are indented.
    static func wrapped(_ text: String, indent: Int) -> [String] {
        Wrapping.lines(text, width: width - indent, measure: \.utf8.count).map { padded("", indent) + $0 }
    }

    /// Text with blanks behind it.
    static func padded(_ text: String, _ width: Int) -> String { text + blanks(width - text.count) }

    /// Text with blanks before it.
    static func aligned(_ text: String, _ width: Int) -> String { blanks(width - text.count) + text }

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
