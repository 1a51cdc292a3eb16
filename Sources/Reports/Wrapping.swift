// SPDX-License-Identifier: Apache-2.0

/// Breaks text into lines for a terminal.
enum Wrapping {
    /// The words of a text in lines of at most `width` characters; at least one line.
    ///
    /// Breaks at white space, and within a word only if it is wider than a line.
    ///
    /// - Parameter measure: how wide a word is.
    static func lines(_ text: String, width: Int, measure: (String) -> Int = \.count) -> [String] {
        let width = max(1, width)
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace).flatMap({ pieces($0, width, measure) }) {
            if !line.isEmpty && measure(line) + 1 + measure(word) > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? word : " \(word)"
        }
        return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
    }

    private static func pieces(_ word: Substring, _ width: Int, _ measure: (String) -> Int) -> [String] {
        word.reduce(into: []) { pieces, character in
            guard let last = pieces.last, measure(last + String(character)) <= width else {
                return pieces.append(String(character))
            }
            pieces[pieces.count - 1].append(character)
        }
    }
}
