// SPDX-License-Identifier: Apache-2.0

extension PeersScreen {
    /// The summary for a terminal, a line for each sentence where those fit.
    var text: String {
        // A dash that takes one byte, for tools that count those.
        let sentences = summary.map { $0.replacing(" – ", with: "-") }
        return sentences.flatMap { TerminalText.wrapped($0, indent: 0) }.map { "\($0)\n" }.joined()
    }
}
