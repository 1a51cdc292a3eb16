// SPDX-License-Identifier: Apache-2.0

/// Where a field's name and value stand in the bytes that its section was read from.
package struct HTTPField: Sendable, Equatable {
    /// A token: case does not matter.
    package var name: Range<Int>
    /// Without the blanks around it; may be empty.
    package var value: Range<Int>
}

/// The fields of a section that has been read.
///
/// They are found again in the bytes, one after another, and so take no memory: most servers look at few of them, and
/// what the protocol itself needs to know is in the head already.
package struct HTTPFields: Sendable, Equatable {
    /// Where the field lines stand, without the empty line after them.
    let range: Range<Int>

    /// An iterator that is given the bytes at each step, because it cannot hold them.
    package func makeCursor() -> Cursor { Cursor(position: range.lowerBound, end: range.upperBound) }

    /// The first field of a name, which is given in lower case.
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

        /// The next field, of the same bytes that the section was read from.
        package mutating func next(in bytes: RawSpan) -> HTTPField? {
            precondition(end <= bytes.byteCount, "these are not the bytes that the fields were read from")
            guard position < end else { return nil }
            // The section was read without an error, so each line has a colon, and ends with CR LF.
            let colon = bytes.endOfToken(from: position, to: end)
            let lineEnd = bytes.endOfText(from: colon, to: end)
            let field = HTTPField(name: position..<colon, value: bytes.trimmed(min(colon + 1, lineEnd)..<lineEnd))
            position = min(lineEnd + 2, end)
            return field
        }
    }
}
