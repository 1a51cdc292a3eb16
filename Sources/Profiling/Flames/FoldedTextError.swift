// SPDX-License-Identifier: Apache-2.0

/// Why a text does not parse as folded stacks.
package struct FoldedTextError: Error, Equatable, CustomStringConvertible {
    /// What is wrong with the line.
    package enum Problem: Sendable, Equatable {
        /// The count is missing.
        case noCount
        /// The count is no number of at least 0.
        case badCount(String)
        /// A frame's name is missing.
        case emptyFrame
    }

    /// The line's number, from 1.
    package let line: Int
    /// What is wrong with it.
    package let problem: Problem

    /// A sentence without its full stop.
    package var description: String {
        switch problem {
        case .noCount: "line \(line): the count is missing; a line is frames joined by ';', a space, and a number"
        case .badCount(let text): "line \(line): '\(text)' is not a count; a count is a number of at least 0"
        case .emptyFrame: "line \(line): a frame has no name; names go before and after every ';'"
        }
    }
}
