// SPDX-License-Identifier: Apache-2.0

/// Why a text is not in the folded format.
package struct FoldedTextError: Error, Equatable, CustomStringConvertible {
    /// What is wrong with a line.
    package enum Problem: Sendable, Equatable {
        /// Nothing but frames.
        case noCount
        /// What stands in the count's place is no number of 0 or more.
        case badCount(String)
        /// There is nothing before, between or after two semicolons.
        case emptyFrame
    }

    /// The line, counted from 1.
    package let line: Int
    /// What is wrong with it.
    package let problem: Problem

    /// A sentence for whoever wrote the text.
    package var description: String {
        switch problem {
        case .noCount: "line \(line): there is no count; a line is frames joined by ';', a space, and a number"
        case .badCount(let text): "line \(line): '\(text)' is no count; it has to be a number of 0 or more"
        case .emptyFrame: "line \(line): a frame has no name; there has to be one before and after every ';'"
        }
    }
}
