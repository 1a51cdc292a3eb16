// SPDX-License-Identifier: Apache-2.0

/// Collects the fields that determine where the body ends and whether the connection persists.
///
/// This is where request smuggling happens: anything that two recipients might interpret differently is rejected.
struct FramingFields {
    private var contentLength: Int?
    private var transferEncoding = TransferEncoding.absent
    private var closes = false
    private var requestsKeepAlive = false

    /// Records a field if it is one of these.
    @inline(__always) mutating func record(_ field: HTTPField, of bytes: RawSpan) throws(HTTPError) {
        switch field.name.count {
        case 10 where bytes.has("connection", at: field.name): recordConnection(field.value, of: bytes)
        case 14 where bytes.has("content-length", at: field.name): try recordContentLength(field.value, of: bytes)
        case 17 where bytes.has("transfer-encoding", at: field.name): transferEncoding.add(field.value, of: bytes)
        default: break
        }
    }

    /// Whether the connection persists after the message, by its version and Connection fields.
    func keepsAlive(_ version: HTTPVersion) -> Bool { !closes && (version == .http11 || requestsKeepAlive) }

    /// The framing of a request's body.
    func framingOfRequest(_ version: HTTPVersion) throws(HTTPError) -> BodyFraming {
        try contradiction(version)
        switch transferEncoding {
        case .absent: return contentLength.map { .length($0) } ?? .none
        case .chunked: return .chunked
        case .unknownThenChunked: throw .unsupportedTransferEncoding
        case .unknown, .malformed: throw .malformedTransferEncoding
        }
    }

    /// The framing of a response's body, if the response may have one.
    ///
    /// Without `chunked`, the connection would delimit the body, but its coding is not supported.
    func framingOfResponse(_ version: HTTPVersion) throws(HTTPError) -> BodyFraming {
        try contradiction(version)
        switch transferEncoding {
        case .absent: return contentLength.map { .length($0) } ?? .untilClose
        case .chunked: return .chunked
        case .unknownThenChunked, .unknown: throw .unsupportedTransferEncoding
        case .malformed: throw .malformedTransferEncoding
        }
    }

    /// Rejects what RFC 9112 calls faulty framing in sections 6.1 and 6.3.
    private func contradiction(_ version: HTTPVersion) throws(HTTPError) {
        guard transferEncoding != .absent else { return }
        if contentLength != nil { throw .contentLengthWithTransferEncoding }
        if version == .http10 { throw .transferEncodingInHTTP10 }
    }

    @inline(never) private mutating func recordConnection(_ value: Range<Int>, of bytes: RawSpan) {
        bytes.forEachElement(in: value) { element in
            closes = closes || bytes.has("close", at: element)
            requestsKeepAlive = requestsKeepAlive || bytes.has("keep-alive", at: element)
        }
    }

    @inline(never)
    private mutating func recordContentLength(_ value: Range<Int>, of bytes: RawSpan) throws(HTTPError) {
        guard contentLength == nil else { throw .repeatedContentLength }
        guard !value.isEmpty else { throw .malformedContentLength }
        var length = 0
        for index in value {
            let digit = bytes.byte(index)
            guard Ascii.isDigit(digit) else { throw .malformedContentLength }
            let (tenfold, overflows) = length.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tenfold.addingReportingOverflow(Int(digit &- Ascii.zero))
            // Exceeds any limit.
            guard !overflows, !overflowsToo else { throw .bodyTooLong }
            length = sum
        }
        contentLength = length
    }
}
