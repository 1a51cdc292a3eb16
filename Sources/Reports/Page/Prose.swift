// SPDX-License-Identifier: Apache-2.0

/// A text in which backticks surround names, as the page shows it.
struct Prose {
    /// A part of the text.
    struct Piece: Equatable {
        /// The part that is a name; nil for other text.
        var code: String?
        /// The part that is not; nil for a name.
        var plain: String?
    }

    /// The parts, in order.
    let pieces: [Piece]

    /// Splits a text, in which a backtick without a partner stays.
    init(_ text: String) {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        let paired = parts.count - (parts.count + 1) % 2
        var pieces = parts.prefix(paired).enumerated().map { index, part in
            index.isMultiple(of: 2) ? Piece(plain: part) : Piece(code: part)
        }
        if paired < parts.count { pieces.append(Piece(plain: "`" + parts[paired])) }
        self.pieces = pieces
    }
}
