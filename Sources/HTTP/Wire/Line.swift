// SPDX-License-Identifier: Apache-2.0

/// A line of a message, as a ``LineReader`` parses it.
protocol Line {
    /// The index of the next line.
    var next: Int { get }

    /// Parses a line; nil if it is incomplete.
    ///
    /// The result must be prefix-stable: what it says about the first bytes of a line must not depend on whether the
    /// rest has arrived.
    static func parse(_ bytes: RawSpan, from start: Int, to end: Int) throws(HTTPError) -> Self?
}
