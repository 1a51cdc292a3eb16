// SPDX-License-Identifier: Apache-2.0

/// What the fields of a head say about where the body ends, and about what becomes of the connection then.
///
/// This is where requests could be smuggled: whatever two recipients might understand differently is refused.
struct FramingFacts {
    private var contentLength: Int?
    private var transferEncoding = TransferEncoding.absent
    private var closes = false
    private var asksToStay = false

    /// Takes notice of a field, if it is one of those.
    @inline(__always) mutating func note(_ field: HTTPField, of bytes: RawSpan) throws(HTTPError) {
        switch field.name.count {
        case 10 where bytes.has("connection", at: field.name): noteConnection(field.value, of: bytes)
        case 14 where bytes.has("content-length", at: field.name): try noteContentLength(field.value, of: bytes)
        case 17 where bytes.has("transfer-encoding", at: field.name): transferEncoding.add(field.value, of: bytes)
        default: break
        }
    }

    /// Whether the connection stays open after the message, by its version and its Connection fields.
    func keepsAlive(_ version: HTTPVersion) -> Bool { !closes && (version == .http11 || asksToStay) }

    /// Where the body of a request ends.
    func framingOfRequest(_ version: HTTPVersion) throws(HTTPError) -> BodyFraming {
        try contradiction(version)
        switch transferEncoding {
        case .absent: return contentLength.map { .length($0) } ?? .none
        case .chunked: return .chunked
        case .unknownThenChunked: throw .unsupportedTransferEncoding
        case .unknown, .malformed: throw .malformedTransferEncoding
        }
    }

    /// Where the body of a response ends, if it is one that may have a body.
    ///
    /// Without `chunked` it would end with the connection, but be in a coding that is not known here.
    func framingOfResponse(_ version: HTTPVersion) throws(HTTPError) -> BodyFraming {
        try contradiction(version)
        switch transferEncoding {
        case .absent: return contentLength.map { .length($0) } ?? .untilClose
        case .chunked: return .chunked
        case .unknownThenChunked, .unknown: throw .unsupportedTransferEncoding
        case .malformed: throw .malformedTransferEncoding
        }
    }

    /// Refuses what RFC 9112 calls faulty framing in its sections 6.1 and 6.3.
    private func contradiction(_ version: HTTPVersion) throws(HTTPError) {
        guard transferEncoding != .absent else { return }
        if contentLength != nil { throw .contentLengthWithTransferEncoding }
        if version == .http10 { throw .transferEncodingInHTTP10 }
    }

    @inline(never) private mutating func noteConnection(_ value: Range<Int>, of bytes: RawSpan) {
        bytes.forEachElement(in: value) { element in
            closes = closes || bytes.has("close", at: element)
            asksToStay = asksToStay || bytes.has("keep-alive", at: element)
        }
    }

    @inline(never)
    private mutating func noteContentLength(_ value: Range<Int>, of bytes: RawSpan) throws(HTTPError) {
        guard contentLength == nil else { throw .repeatedContentLength }
        guard !value.isEmpty else { throw .malformedContentLength }
        var length = 0
        for index in value {
            let digit = bytes.byte(index)
            guard Ascii.isDigit(digit) else { throw .malformedContentLength }
            let (tenfold, overflows) = length.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tenfold.addingReportingOverflow(Int(digit &- Ascii.zero))
            // No limit is that high.
            guard !overflows, !overflowsToo else { throw .bodyTooLong }
            length = sum
        }
        contentLength = length
    }
}
