// SPDX-License-Identifier: Apache-2.0

/// The four forms of a request's target: RFC 9112, section 3.2.
package enum RequestTarget: UInt8, Sendable {
    /// A path with an optional query.
    case origin
    /// A whole URL, as sent to proxies; servers must accept it, too.
    case absolute
    /// A host and a port, for CONNECT.
    case authority
    /// The server itself: `OPTIONS *`.
    case asterisk

    /// Determines the form of a target whose characters are all allowed.
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

    /// The part of a URL after its authority, or nil if the target is not a URL.
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
    /// The path of the target, without the query; empty for targets such as `*` and `host:80`.
    ///
    /// A URL without a path has the path `/`, as RFC 9110, section 4.2.3, says; but with OPTIONS and no query it means
    /// `*`: RFC 9112, section 3.2.4.
    package func path(in bytes: RawSpan) -> Range<Int> {
        let range = pathAndQuery(in: bytes)
        let end = bytes.firstIndex(of: Ascii.question, in: range) ?? range.upperBound
        guard form == .absolute, end == range.lowerBound else { return range.lowerBound..<end }
        return method == .options && range.isEmpty ? range : firstSlash(in: bytes)
    }

    /// A path `/` for a URL that has none: the first slash before its authority.
    private func firstSlash(in bytes: RawSpan) -> Range<Int> {
        bytes.firstIndex(of: Ascii.slash, in: target).map { $0..<$0 + 1 } ?? target.lowerBound..<target.lowerBound
    }

    /// The query of the target, without the question mark, or nil.
    package func query(in bytes: RawSpan) -> Range<Int>? {
        let range = pathAndQuery(in: bytes)
        return bytes.firstIndex(of: Ascii.question, in: range).map { $0 + 1..<range.upperBound }
    }

    private func pathAndQuery(in bytes: RawSpan) -> Range<Int> {
        precondition(target.upperBound <= bytes.byteCount, "the bytes are not the ones that the head was parsed from")
        switch form {
        case .origin: return target
        case .absolute: return RequestTarget.pathOfURL(bytes, target) ?? target.upperBound..<target.upperBound
        case .authority, .asterisk: return target.upperBound..<target.upperBound
        }
    }
}
