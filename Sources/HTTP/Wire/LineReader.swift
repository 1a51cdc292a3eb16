// SPDX-License-Identifier: Apache-2.0

/// How far the lines of a head have been read, over as many attempts as it takes to receive them.
///
/// A line is read when it is first seen. If it is not all there, it is read again only when a line feed has come, or the
/// limit is reached; and the line feed is looked for in the new bytes only. So the work is linear in the bytes, however
/// small the pieces are that they come in.
struct LineReader {
    /// Where the line begins that is read next.
    private(set) var position = 0
    /// Up to where that line has been looked at without finding its end.
    private var searched = 0
    private var fieldCount = 0
    /// Where the empty line is that ends the fields; nil before it has been read.
    private(set) var fieldsEnd: Int?

    // MARK: - Any line

    /// Reads the next line; nil where it is not all there yet.
    ///
    /// - Parameters:
    ///   - limit: where the line must have ended.
    ///   - error: what is wrong with one that has not ended by then.
    @inline(__always)
    mutating func nextLine<Kind: Line>(
        _: Kind.Type,
        _ bytes: RawSpan,
        limit: Int,
        otherwise error: HTTPError
    ) throws(HTTPError) -> Kind? {
        let end = min(bytes.byteCount, limit)
        guard canGoOn(bytes, to: end, limit: limit) else { return nil }
        guard let line = try Kind.parse(bytes, from: position, to: end) else {
            guard end < limit else { throw error }
            searched = end
            return nil
        }
        advance(to: line.next)
        return line
    }

    /// A line is read, and this is where the next one begins.
    @inline(__always) mutating func advance(to next: Int) {
        position = next
        searched = next
    }

    /// The first bytes are gone, and all places count from those after them.
    mutating func drop(_ count: Int) {
        position -= count
        searched -= count
    }

    /// Reads the line again at the next attempt, come what may.
    mutating func lookAgain() { searched = position }

    /// Whether reading can get further than the last time, given the bytes up to `end`.
    @inline(__always) private mutating func canGoOn(_ bytes: RawSpan, to end: Int, limit: Int) -> Bool {
        searched == position || end == limit || hasLineFeed(bytes, to: end)
    }

    private mutating func hasLineFeed(_ bytes: RawSpan, to end: Int) -> Bool {
        defer { searched = max(searched, end) }
        return searched < end && bytes.firstIndex(of: Ascii.lineFeed, in: searched..<end) != nil
    }

    // MARK: - Fields

    /// The next field; nil where its line is not all there yet, and where there are no more.
    ///
    /// - Parameters:
    ///   - limit: where the section must have ended.
    ///   - count: how many fields it may have.
    ///   - error: what is wrong with a section that has not ended by then.
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
