// SPDX-License-Identifier: Apache-2.0

/// Parses the heads of a connection's requests, in place and strictly.
///
/// Each call takes all bytes received since the last message, beginning with the same byte, until it returns a head.
/// The result does not depend on how the bytes were split. Nothing is allocated.
///
/// Where RFC 9112 lets a recipient be lenient, this parser is not, with two exceptions: it skips one empty line before
/// a request, as the RFC asks, and it accepts characters in a target that should have been percent-encoded. It ignores
/// Upgrade fields, as the RFC asks of servers that do not want to upgrade: the connection stays with HTTP/1.1.
package struct RequestParser: Sendable {
    private let limits: HTTPLimits
    private var reader = LineReader()
    private var framingFields = FramingFields()
    private var line: RequestLine?
    private var host: Range<Int>?
    private var expectsContinue = false

    /// Creates a parser that expects a connection's first request.
    package init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

    /// Parses a head; nil if it is incomplete.
    ///
    /// Afterwards the parser expects the next head, with indices from zero again.
    ///
    /// - Throws: why the request is rejected. The parser must not be used afterwards.
    package mutating func parse(_ bytes: RawSpan) throws(HTTPError) -> RequestHead? {
        guard let line = try firstLine(bytes) else { return nil }
        guard let fields = try fields(bytes, from: line.next) else { return nil }
        let head = try head(line, fields)
        self = RequestParser(limits: limits)
        return head
    }

    /// Handles the end of the connection, which is valid between requests.
    ///
    /// - Throws: what is wrong with the bytes received, or ``HTTPError/truncated`` if a request is incomplete.
    package mutating func finish(_ bytes: RawSpan) throws(HTTPError) {
        reader.forceRescan()
        _ = try parse(bytes)
        guard bytes.byteCount == reader.position, line == nil else { throw .truncated }
    }

    // MARK: - The request line

    private mutating func firstLine(_ bytes: RawSpan) throws(HTTPError) -> RequestLine? {
        if let line { return line }
        if reader.position == 0, bytes.byteCount > 0, bytes.byte(0) == Ascii.carriageReturn {
            guard try skipEmptyLine(bytes) else { return nil }
        }
        let limit = min(reader.position + limits.requestLine, limits.head)
        line = try reader.nextLine(RequestLine.self, bytes, limit: limit, otherwise: .requestLineTooLong)
        return line
    }

    /// Skips one empty line, which some clients wrongly send after a body.
    ///
    /// Returns false if it is incomplete.
    private mutating func skipEmptyLine(_ bytes: RawSpan) throws(HTTPError) -> Bool {
        guard let next = try FieldLine.parseLineEnd(bytes, from: 0, to: bytes.byteCount, otherwise: .malformedMethod)
        else { return false }
        reader.advance(to: next)
        return true
    }

    // MARK: - The fields

    @inline(__always)
    private mutating func fields(_ bytes: RawSpan, from start: Int) throws(HTTPError) -> HTTPFields? {
        while let field = try reader.nextField(
            bytes,
            limit: limits.head,
            count: limits.fields,
            otherwise: .headTooLong
        ) {
            try record(field, of: bytes)
        }
        return reader.fieldsEnd.map { HTTPFields(range: start..<$0) }
    }

    @inline(__always) private mutating func record(_ field: HTTPField, of bytes: RawSpan) throws(HTTPError) {
        switch field.name.count {
        case 4 where bytes.has("host", at: field.name):
            guard host == nil else { throw .repeatedHost }
            guard field.value.isEmpty || Authority.isValid(bytes, field.value) else { throw .malformedHost }
            host = field.value
        case 6 where bytes.has("expect", at: field.name):
            expectsContinue = expectsContinue || bytes.has("100-continue", at: field.value)
        default:
            try framingFields.record(field, of: bytes)
        }
    }

    // MARK: - The head

    @inline(__always)
    private func head(_ line: RequestLine, _ fields: HTTPFields) throws(HTTPError) -> RequestHead {
        guard host != nil || line.version == .http10 else { throw .missingHost }
        let framing = try framingFields.framingOfRequest(line.version)
        if case .length(let length) = framing, length > limits.body { throw .bodyTooLong }
        return RequestHead(
            method: line.method,
            methodName: line.methodName,
            form: line.form,
            target: line.target,
            version: line.version,
            host: host,
            fields: fields,
            framing: framing,
            keepsAlive: framingFields.keepsAlive(line.version),
            expectsContinue: expectsContinue && line.version == .http11,
            length: reader.position
        )
    }
}
