// SPDX-License-Identifier: Apache-2.0

/// Parses the heads of the responses to one request, in place and strictly.
///
/// There may be several: informational responses, told by their status, may precede the final one. ``RequestParser``
/// describes how to pass the bytes and how long results are valid.
///
/// Folded fields are rejected, although RFC 9112 has clients replace a fold with spaces: that cannot be done in place,
/// and servers have long stopped sending them.
package struct ResponseParser: Sendable {
    private let limits: HTTPLimits
    private let method: HTTPMethod
    private var reader = LineReader()
    private var framingFields = FramingFields()
    private var line: StatusLine?

    /// Creates a parser for the response to this method, which determines whether there is a body.
    package init(to method: HTTPMethod, limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        self.method = method
    }

    /// Parses a head; nil if it is incomplete.
    ///
    /// - Throws: why the response is rejected. The parser must not be used afterwards.
    package mutating func parse(_ bytes: RawSpan) throws(HTTPError) -> ResponseHead? {
        guard let line = try firstLine(bytes) else { return nil }
        guard let fields = try fields(bytes, from: line.next) else { return nil }
        let head = try head(line, fields)
        self = ResponseParser(to: method, limits: limits)
        return head
    }

    /// Handles the end of the connection, which is valid if no response has begun.
    ///
    /// - Throws: what is wrong with the bytes received, or ``HTTPError/truncated`` if a response is incomplete.
    package mutating func finish(_ bytes: RawSpan) throws(HTTPError) {
        reader.forceRescan()
        _ = try parse(bytes)
        guard bytes.byteCount == reader.position, line == nil else { throw .truncated }
    }

    private mutating func firstLine(_ bytes: RawSpan) throws(HTTPError) -> StatusLine? {
        if let line { return line }
        line = try reader.nextLine(StatusLine.self, bytes, limit: limits.head, otherwise: .headTooLong)
        return line
    }

    private mutating func fields(_ bytes: RawSpan, from start: Int) throws(HTTPError) -> HTTPFields? {
        while let field = try reader.nextField(
            bytes,
            limit: limits.head,
            count: limits.fields,
            otherwise: .headTooLong
        ) {
            try framingFields.record(field, of: bytes)
        }
        return reader.fieldsEnd.map { HTTPFields(range: start..<$0) }
    }

    private func head(_ line: StatusLine, _ fields: HTTPFields) throws(HTTPError) -> ResponseHead {
        let framing = try framing(line)
        return ResponseHead(
            version: line.version,
            status: line.status,
            reason: line.reason,
            fields: fields,
            framing: framing,
            keepsAlive: framingFields.keepsAlive(line.version) && framing != .untilClose,
            length: reader.position
        )
    }

    private func framing(_ line: StatusLine) throws(HTTPError) -> BodyFraming {
        let framing = try framingFields.framingOfResponse(line.version)
        let opensTunnel = method == .connect && line.status.rawValue / 100 == 2
        if method == .head || line.status.hasNoBody || opensTunnel { return .none }
        if case .length(let length) = framing, length > limits.body { throw .bodyTooLong }
        return framing
    }
}
