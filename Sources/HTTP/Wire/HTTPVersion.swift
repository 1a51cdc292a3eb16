// SPDX-License-Identifier: Apache-2.0

/// The version that a message is interpreted by.
///
/// A minor version above 1 is read as 1.1, as RFC 9110 requires in section 2.5; another major version is rejected.
package enum HTTPVersion: UInt8, Sendable {
    /// HTTP/1.0: the connection ends with the response, unless the client asks otherwise.
    case http10
    /// HTTP/1.1.
    case http11

    /// The length of a version, in bytes.
    static let length = 8

    /// Parses a version; nil if it is incomplete.
    @inline(__always)
    static func parse(_ bytes: RawSpan, from start: Int, to end: Int) throws(HTTPError) -> HTTPVersion? {
        if start + length <= end {
            switch bytes.word(start) {
            case 0x312E_312F_5054_5448: return .http11  // "HTTP/1.1", the first byte lowest
            case 0x302E_312F_5054_5448: return .http10
            default: break
            }
        }
        return try parseUnusual(bytes, from: start, to: end)
    }

    @inline(never)
    private static func parseUnusual(
        _ bytes: RawSpan,
        from start: Int,
        to end: Int
    ) throws(HTTPError) -> HTTPVersion? {
        let pattern: StaticString = "HTTP/0.0"
        for index in 0..<min(length, end - start) {
            let (wanted, found) = (pattern.byte(index), bytes.byte(start + index))
            guard wanted == Ascii.zero ? Ascii.isDigit(found) : wanted == found else { throw .malformedVersion }
        }
        guard start + length <= end else { return nil }
        guard bytes.byte(start + 5) == Ascii.zero + 1 else { throw .unsupportedVersion }
        return bytes.byte(start + 7) == Ascii.zero ? .http10 : .http11
    }
}
