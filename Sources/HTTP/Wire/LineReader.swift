// SPDX-License-Identifier: Apache-2.0

/// Tracks how far the lines of a head have been parsed, over as many attempts as it takes to receive them.
///
/// A line is parsed when its first bytes arrive. An incomplete line is parsed again only when a line feed has arrived
/// or the limit is reached, and the search for the line feed covers new bytes only. So the work is linear in the number
/// of bytes, however small the pieces.
struct LineReader {
    /// The index of the next line to parse.
    private(set) var position = 0
    /// The index up to which that line has been searched for its end.
    private var searched = 0
    private var fieldCount = 0
    /// The index of the empty line that ends the fields, once it has been parsed.
    private(set) var fieldsEnd: Int?

    // MARK: - Lines

    /// Parses the next line; nil if it is incomplete.
    ///
    /// - Parameters:
    ///   - limit: the index by which the line must have ended.
    ///   - error: the error if it has not.
    @inline(__always)
    mutating func nextLine<Kind: Line>(
        _: Kind.Type,
        _ bytes: RawSpan,
        limit: Int,
        otherwise error: HTTPError
    ) throws(HTTPError) -> Kind? {
        let end = min(bytes.byteCount, limit)
        guard canAdvance(bytes, to: end, limit: limit) else { return nil }
        guard let line = try Kind.parse(bytes, from: position, to: end) else {
            guard end < limit else { throw error }
            searched = end
            return nil
        }
        advance(to: line.next)
        return line
    }

    /// Moves past a parsed line.
    @inline(__always) mutating func advance(to next: Int) {
        position = next
        searched = next
    }

    /// Drops the first `count` bytes; all indices now count from the byte after them.
    mutating func drop(_ count: Int) {
        position -= count
        searched -= count
    }

    /// Forces the next attempt to parse the line again.
    mutating func forceRescan() { searched = position }

    /// Whether parsing can get further than last time, given the bytes up to `end`.
    @inline(__always) private mutating func canAdvance(_ bytes: RawSpan, to end: Int, limit: Int) -> Bool {
        searched == position || end == limit || hasLineFeed(bytes, to: end)
    }

    private mutating func hasLineFeed(_ bytes: RawSpan, to end: Int) -> Bool {
        defer { searched = max(searched, end) }
        return searched < end && bytes.firstIndex(of: Ascii.lineFeed, in: searched..<end) != nil
    }

    // MARK: - Fields

    /// The next field; nil if its line is incomplete, or if there are no more fields.
    ///
    /// - Parameters:
    ///   - limit: the index by which the section must have ended.
    ///   - count: the maximum number of fields.
    ///   - error: the error if the section has not ended by the limit.
    @inline(__always)
    mutating func nextField(
        _ bytes: RawSpan,
        limit: Int,
        count: Int,
        otherwise error: HTTPError
    ) throws(HTTPError) -> HTTPField? {
        let start = position
        switch try nextLine(FieldLine.self, bytes, limit: limit, otherwise: error) {
        case .field(let field, _):
            fieldCount += 1
            guard fieldCount <= count else { throw .tooManyFields }
            return field
        case .empty:
            fieldsEnd = start
            return nil
        case nil:
            return nil
        }
    }
}
