// SPDX-License-Identifier: Apache-2.0

/// Reads the heads of the responses to one request, in place, and strictly.
///
/// There may be several: before the response proper, a server may send informational ones, whose status says so. How the
/// bytes are given, and what holds for the result, is told at ``RequestParser``.
///
/// A folded field is refused, though RFC 9112 has a client replace the fold by spaces: that cannot be done in place, and
/// no server has sent one for long.
package struct ResponseParser: Sendable {
    private let limits: HTTPLimits
    private let method: HTTPMethod
    private var reader = LineReader()
    private var facts = FramingFacts()
    private var line: StatusLine?

    /// Expects the response to a request of this method, which decides whether it has a body.
    package init(to method: HTTPMethod, limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        self.method = method
    }

    /// Reads a head; nil where it is not all there yet.
    ///
    /// - Throws: why the response is refused. The parser is of no use then.
    package mutating func parse(_ bytes: RawSpan) throws(HTTPError) -> ResponseHead? {
        guard let line = try firstLine(bytes) else { return nil }
        guard let fields = try fields(bytes, from: line.next) else { return nil }
        let head = try head(line, fields)
        self = ResponseParser(to: method, limits: limits)
        return head
    }

    /// Says whether the connection may end here: it may where no response has begun.
    ///
    /// - Throws: what is wrong with the response as far as it was received; if nothing is, that it was cut off.
    package mutating func finish(_ bytes: RawSpan) throws(HTTPError) {
        reader.lookAgain()
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
            try facts.note(field, of: bytes)
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
            keepsAlive: facts.keepsAlive(line.version) && framing != .untilClose,
            length: reader.position
        )
    }

    private func framing(_ line: StatusLine) throws(HTTPError) -> BodyFraming {
        let framing = try facts.framingOfResponse(line.version)
        let opensTunnel = method == .connect && line.status.rawValue / 100 == 2
        if method == .head || line.status.hasNoBody || opensTunnel { return .none }
        if case .length(let length) = framing, length > limits.body { throw .bodyTooLong }
        return framing
    }
}
