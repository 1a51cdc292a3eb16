// SPDX-License-Identifier: Apache-2.0

/// A kind of line that a message has, and that a ``LineReader`` can read.
protocol Line {
    /// Where the next line begins.
    var next: Int { get }

    /// Reads a line; nil where it is not all there yet.
    ///
    /// Strictly from left to right: what it says of the first bytes of a line must not depend on whether the others have
    /// been received.
    static func parse(_ bytes: RawSpan, from start: Int, to end: Int) throws(HTTPError) -> Self?
}
