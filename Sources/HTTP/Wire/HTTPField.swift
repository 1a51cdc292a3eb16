// SPDX-License-Identifier: Apache-2.0

/// The ranges of a field's name and value in the bytes that its section was parsed from.
package struct HTTPField: Sendable, Equatable {
    /// A token; its case does not matter.
    package var name: Range<Int>
    /// The value without surrounding blanks; may be empty.
    package var value: Range<Int>
}

/// The fields of a parsed section.
///
/// They are located in the bytes again on each walk and so take no memory: most servers look at only a few, and what
/// the protocol itself needs is in the head already.
package struct HTTPFields: Sendable, Equatable {
    /// The range of the field lines, without the empty line that ends them.
    let range: Range<Int>

    /// An iterator that takes the bytes at each step, because it cannot store the span.
    package func makeCursor() -> Cursor { Cursor(position: range.lowerBound, end: range.upperBound) }

    /// The value of the first field with a name, ignoring case.
    ///
    /// The name must be in lower case.
    package func first(_ name: StaticString, in bytes: RawSpan) -> Range<Int>? {
        var cursor = makeCursor()
        while let field = cursor.next(in: bytes) {
            if bytes.has(name, at: field.name) { return field.value }
        }
        return nil
    }

    /// A walk through the fields.
    package struct Cursor: Sendable {
        fileprivate var position: Int
        fileprivate let end: Int

        /// The next field; the bytes must be the ones that the section was parsed from.
        package mutating func next(in bytes: RawSpan) -> HTTPField? {
            precondition(end <= bytes.byteCount, "the bytes are not the ones that the fields were parsed from")
            guard position < end else { return nil }
            // The section was parsed without an error, so each line has a colon and ends with CR LF.
            let colon = bytes.endOfToken(from: position, to: end)
            let lineEnd = bytes.endOfText(from: colon, to: end)
            let field = HTTPField(name: position..<colon, value: bytes.trimmed(min(colon + 1, lineEnd)..<lineEnd))
            position = min(lineEnd + 2, end)
            return field
        }
    }
}
