// SPDX-License-Identifier: Apache-2.0

/// The four forms of a request's target, of RFC 9112's section 3.2.
package enum RequestTarget: UInt8, Sendable {
    /// A path, and perhaps a query.
    case origin
    /// A whole URL, as it is sent to proxies; servers have to take it, too.
    case absolute
    /// A host and a port: CONNECT.
    case authority
    /// The server itself: `OPTIONS *`.
    case asterisk

    /// Finds the form of a target that has no character that may not stand in one.
    @inline(__always)
    init(_ bytes: RawSpan, _ target: Range<Int>, _ method: HTTPMethod) throws(HTTPError) {
        if bytes.byte(target.lowerBound) == Ascii.slash, method != .connect {
            self = .origin
        } else {
            try self.init(unusual: bytes, target, method)
        }
    }

    @inline(never)
    private init(unusual bytes: RawSpan, _ target: Range<Int>, _ method: HTTPMethod) throws(HTTPError) {
        if method == .connect {
            guard Authority.isValidWithPort(bytes, target) else { throw .malformedTarget }
            self = .authority
        } else if bytes.isExactly("*", at: target) {
            guard method == .options else { throw .malformedTarget }
            self = .asterisk
        } else {
            guard Self.pathOfURL(bytes, target) != nil else { throw .malformedTarget }
            self = .absolute
        }
    }

    /// The part of a URL after its authority; nil where it is no URL.
    static func pathOfURL(_ bytes: RawSpan, _ target: Range<Int>) -> Range<Int>? {
        guard Ascii.isLetter(bytes.byte(target.lowerBound)) else { return nil }
        let schemeEnd = target.first { !Ascii.isInScheme(bytes.byte($0)) } ?? target.upperBound
        let authorityStart = schemeEnd + 3
        guard authorityStart <= target.upperBound, bytes.isExactly("://", at: schemeEnd..<authorityStart) else {
            return nil
        }
        let rest = authorityStart..<target.upperBound
        let authorityEnd = rest.first { isAfterAuthority(bytes.byte($0)) } ?? target.upperBound
        guard Authority.isValid(bytes, authorityStart..<authorityEnd) else { return nil }
        return authorityEnd..<target.upperBound
    }

    private static func isAfterAuthority(_ byte: UInt8) -> Bool { byte == Ascii.slash || byte == Ascii.question }
}

extension RequestHead {
    /// The path of the target, without query; empty where the target has none, as `http://host` or `*`.
    package func path(in bytes: RawSpan) -> Range<Int> {
        let range = pathAndQuery(in: bytes)
        return range.lowerBound..<(bytes.firstIndex(of: Ascii.question, in: range) ?? range.upperBound)
    }

    /// The query of the target, without its question mark; nil where there is none.
    package func query(in bytes: RawSpan) -> Range<Int>? {
        let range = pathAndQuery(in: bytes)
        return bytes.firstIndex(of: Ascii.question, in: range).map { $0 + 1..<range.upperBound }
    }

    private func pathAndQuery(in bytes: RawSpan) -> Range<Int> {
        precondition(target.upperBound <= bytes.byteCount, "these are not the bytes that the head was read from")
        switch form {
        case .origin: return target
        case .absolute: return RequestTarget.pathOfURL(bytes, target) ?? target.upperBound..<target.upperBound
        case .authority, .asterisk: return target.upperBound..<target.upperBound
        }
    }
}
