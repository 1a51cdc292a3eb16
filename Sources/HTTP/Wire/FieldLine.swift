// SPDX-License-Identifier: Apache-2.0

/// A line of a head after the first, or of the trailers.
enum FieldLine: Line {
    /// A field, and the index of the next line.
    case field(HTTPField, next: Int)
    /// The empty line that ends the section, and the index after it.
    case empty(next: Int)

    @inline(__always) var next: Int {
        switch self {
        case .field(_, let next), .empty(let next): next
        }
    }

    /// Parses a line; nil if it is incomplete, or if a limit has put `end` before `start`.
    @inline(__always)
    static func parse(_ bytes: RawSpan, from start: Int, to end: Int) throws(HTTPError) -> FieldLine? {
        let colon = bytes.endOfToken(from: start, to: end)
        guard colon < end else { return nil }
        guard bytes.byte(colon) == Ascii.colon, colon > start else {
            return try parseWithoutName(bytes, from: start, at: colon, to: end)
        }
        let lineEnd = bytes.endOfText(from: colon + 1, to: end)
        guard let next = try parseLineEnd(bytes, from: lineEnd, to: end, otherwise: .malformedFieldValue) else {
            return nil
        }
        let value = bytes.trimmed(Range(uncheckedBounds: (colon + 1, lineEnd)))
        return .field(HTTPField(name: Range(uncheckedBounds: (start, colon)), value: value), next: next)
    }

    /// Parses CR LF; nil if it is incomplete.
    ///
    /// A bare LF is rejected, although RFC 9112 lets recipients accept it: no sender needs it, and where two recipients
    /// disagree on it, one sees a request that the other does not.
    @inline(__always)
    static func parseLineEnd(
        _ bytes: RawSpan,
        from start: Int,
        to end: Int,
        otherwise error: HTTPError
    ) throws(HTTPError) -> Int? {
        guard start < end else { return nil }
        guard bytes.byte(start) == Ascii.carriageReturn else {
            throw bytes.byte(start) == Ascii.lineFeed ? .malformedLineEnd : error
        }
        guard start + 1 < end else { return nil }
        guard bytes.byte(start + 1) == Ascii.lineFeed else { throw .malformedLineEnd }
        return start + 2
    }

    /// Parses a line that does not begin with a token: an empty line, or an error.
    @inline(__always)
    private static func parseWithoutName(
        _ bytes: RawSpan,
        from start: Int,
        at stop: Int,
        to end: Int
    ) throws(HTTPError) -> FieldLine? {
        guard stop == start else {
            throw Ascii.isBlank(bytes.byte(stop)) ? .spaceBeforeColon : .malformedFieldName
        }
        guard !Ascii.isBlank(bytes.byte(start)) else { throw .foldedField }
        let next = try parseLineEnd(bytes, from: start, to: end, otherwise: .malformedFieldName)
        return next.map { .empty(next: $0) }
    }
}
