// SPDX-License-Identifier: Apache-2.0

/// Reads the heads of the requests of one connection, in place, and strictly.
///
/// It is given all bytes received since the last message, from the same first byte on each time, until it returns a head.
/// What it says does not depend on how the bytes were cut into pieces. It allocates nothing.
///
/// Where RFC 9112 lets a recipient be lenient, this one is not, with two exceptions: one empty line is skipped before a
/// request, as the RFC asks, and characters are allowed in a target that should have been percent-encoded. An Upgrade
/// field means nothing here: the connection goes on with HTTP/1.1, which is what the RFC has a server do that does not
/// want to upgrade.
package struct RequestParser: Sendable {
    private let limits: HTTPLimits
    private var reader = LineReader()
    private var facts = FramingFacts()
    private var line: RequestLine?
    private var host: Range<Int>?
    private var expectsContinue = false

    /// Expects the first request.
    package init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

    /// Reads a head; nil where it is not all there yet.
    ///
    /// After a head, it expects another one, and so places count from zero again.
    ///
    /// - Throws: why the request is refused. The parser is of no use then.
    package mutating func parse(_ bytes: RawSpan) throws(HTTPError) -> RequestHead? {
        guard let line = try firstLine(bytes) else { return nil }
        guard let fields = try fields(bytes, from: line.next) else { return nil }
        let head = try head(line, fields)
        self = RequestParser(limits: limits)
        return head
    }

    /// Says whether the connection may end here: it may where no request has begun.
    ///
    /// - Throws: what is wrong with the request as far as it was received; if nothing is, that it was cut off.
    package mutating func finish(_ bytes: RawSpan) throws(HTTPError) {
        reader.lookAgain()
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

    /// Skips one empty line, such as some clients send after a body, though they should not.
    ///
    /// False where it is not all there yet.
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
            try note(field, of: bytes)
        }
        return reader.fieldsEnd.map { HTTPFields(range: start..<$0) }
    }

    @inline(__always) private mutating func note(_ field: HTTPField, of bytes: RawSpan) throws(HTTPError) {
        switch field.name.count {
        case 4 where bytes.has("host", at: field.name):
            guard host == nil else { throw .repeatedHost }
            guard field.value.isEmpty || Authority.isValid(bytes, field.value) else { throw .malformedHost }
            host = field.value
        case 6 where bytes.has("expect", at: field.name):
            expectsContinue = expectsContinue || bytes.has("100-continue", at: field.value)
        default:
            try facts.note(field, of: bytes)
        }
    }

    // MARK: - The head

    @inline(__always)
    private func head(_ line: RequestLine, _ fields: HTTPFields) throws(HTTPError) -> RequestHead {
        guard host != nil || line.version == .http10 else { throw .missingHost }
        let framing = try facts.framingOfRequest(line.version)
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
            keepsAlive: facts.keepsAlive(line.version),
            expectsContinue: expectsContinue && line.version == .http11,
            length: reader.position
        )
    }
}
