// SPDX-License-Identifier: Apache-2.0

/// The first line of a response.
struct StatusLine: Line {
    var version: HTTPVersion
    var status: HTTPStatus
    var reason: Range<Int>
    /// The index of the next line.
    var next: Int

    /// Parses the line; nil if it is incomplete.
    ///
    /// The space before the reason phrase may be missing along with the phrase: RFC 9112 forbids it, but many servers
    /// do it.
    static func parse(_ bytes: RawSpan, from start: Int, to end: Int) throws(HTTPError) -> StatusLine? {
        guard let version = try HTTPVersion.parse(bytes, from: start, to: end) else { return nil }
        guard let status = try parseStatus(bytes, from: start + HTTPVersion.length, to: end) else { return nil }
        let statusEnd = start + HTTPVersion.length + 4
        guard statusEnd < end else { return nil }
        let hasSpace = bytes.byte(statusEnd) == Ascii.space
        let reasonStart = hasSpace ? statusEnd + 1 : statusEnd
        let reasonEnd = hasSpace ? bytes.endOfText(from: reasonStart, to: end) : statusEnd
        guard
            let next = try FieldLine.parseLineEnd(bytes, from: reasonEnd, to: end, otherwise: .malformedStatusLine)
        else { return nil }
        return StatusLine(version: version, status: status, reason: reasonStart..<reasonEnd, next: next)
    }

    /// Parses a space and three digits.
    private static func parseStatus(
        _ bytes: RawSpan,
        from start: Int,
        to end: Int
    ) throws(HTTPError) -> HTTPStatus? {
        var code: UInt16 = 0
        for index in start..<min(start + 4, max(start, end)) {
            let byte = bytes.byte(index)
            if index == start {
                guard byte == Ascii.space else { throw .malformedStatusLine }
            } else {
                guard Ascii.isDigit(byte) else { throw .malformedStatusLine }
                code = code * 10 + UInt16(byte &- Ascii.zero)
            }
        }
        guard start + 4 <= end else { return nil }
        guard code >= 100 else { throw .malformedStatusLine }
        return HTTPStatus(rawValue: code)
    }
}
