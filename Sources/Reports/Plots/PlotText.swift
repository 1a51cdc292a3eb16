// SPDX-License-Identifier: Apache-2.0

/// The text of plots, laid out without knowing the reader's font: each character takes as much as a wide font gives it.
enum PlotText {
    /// The height of the letters, in units of the view box.
    static let size = 13.0
    /// From a line to the next.
    static let lineHeight = 17.0
    /// From the middle of a line of text down to its baseline.
    static let baseline = 4.5

    /// The width that a text takes at most.
    static func width(_ text: String) -> Double { Double(text.unicodeScalars.count) * 0.6 * size }

    /// The width of the widest text; 0 for none.
    static func width(_ texts: [String]) -> Double { texts.map(width).max() ?? 0 }

    /// Breaks a text into lines that fit, between words where it can.
    static func wrapped(_ text: String, to width: Double) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ").flatMap({ pieces(of: $0, width) }) {
            if let last = lines.last, Self.width("\(last) \(word)") <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    private static func pieces(of word: Substring, _ width: Double) -> [String] {
        let room = max(1, Int(width / Self.width("x")))
        var (pieces, rest) = ([String](), word.unicodeScalars)
        while rest.count > room {
            pieces.append(String(rest.prefix(room)))
            rest = rest.dropFirst(room)
        }
        return pieces + [String(rest)]
    }
}
