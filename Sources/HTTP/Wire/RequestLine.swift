// SPDX-License-Identifier: Apache-2.0

/// The first line of a request.
struct RequestLine: Line {
    var method: HTTPMethod
    var methodName: Range<Int>
    var form: RequestTarget
    var target: Range<Int>
    var version: HTTPVersion
    /// The index of the next line.
    var next: Int

    /// Parses the line; nil if it is incomplete.
    ///
    /// Exactly one space separates its parts, although RFC 9112 lets recipients accept several, or other blanks.
    @inline(__always)
    static func parse(_ bytes: RawSpan, from start: Int, to end: Int) throws(HTTPError) -> RequestLine? {
        guard let methodEnd = try endOfMethod(bytes, from: start, to: end) else { return nil }
        let name = Range(uncheckedBounds: (start, methodEnd))
        guard let targetEnd = try endOfTarget(bytes, from: methodEnd + 1, to: end) else { return nil }
        let method = HTTPMethod(bytes, name)
        let target = Range(uncheckedBounds: (methodEnd + 1, targetEnd))
        let form = try RequestTarget(bytes, target, method)
        guard let version = try HTTPVersion.parse(bytes, from: targetEnd + 1, to: end) else { return nil }
        let versionEnd = targetEnd + 1 + HTTPVersion.length
        guard
            let next = try FieldLine.parseLineEnd(bytes, from: versionEnd, to: end, otherwise: .malformedVersion)
        else { return nil }
        return RequestLine(
            method: method,
            methodName: name,
            form: form,
            target: target,
            version: version,
            next: next
        )
    }

    @inline(__always)
    private static func endOfMethod(_ bytes: RawSpan, from start: Int, to end: Int) throws(HTTPError) -> Int? {
        let methodEnd = bytes.endOfToken(from: start, to: min(end, start + HTTPMethod.maximumLength + 1))
        guard methodEnd - start <= HTTPMethod.maximumLength else { throw .methodTooLong }
        guard methodEnd < end else { return nil }
        guard bytes.byte(methodEnd) == Ascii.space, methodEnd > start else {
            throw bytes.byte(methodEnd) == Ascii.lineFeed ? .malformedLineEnd : .malformedMethod
        }
        return methodEnd
    }

    @inline(__always)
    private static func endOfTarget(_ bytes: RawSpan, from start: Int, to end: Int) throws(HTTPError) -> Int? {
        let targetEnd = bytes.endOfTarget(from: start, to: end)
        guard targetEnd < end else { return nil }
        guard bytes.byte(targetEnd) == Ascii.space, targetEnd > start else {
            throw errorAfterTarget(bytes.byte(targetEnd))
        }
        return targetEnd
    }

    /// A line end here is an HTTP/0.9 request, which has no version.
    private static func errorAfterTarget(_ byte: UInt8) -> HTTPError {
        switch byte {
        case Ascii.carriageReturn: .malformedVersion
        case Ascii.lineFeed: .malformedLineEnd
        default: .malformedTarget
        }
    }
}
