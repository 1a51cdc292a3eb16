// SPDX-License-Identifier: Apache-2.0

import HTTP

/// The result of parsing a connection.
struct Outcome: Equatable {
    var messages: [Message] = []
    /// Why the last message was rejected; nil if the connection ended where it may.
    var error: HTTPError?
    /// Whether the last message announced that none follows, or changed the protocol.
    var isClosed = false
    /// Where each message begins, and where the next one would begin after the last complete one.
    var starts = [0]
}

/// One end of a connection, which receives bytes piece by piece.
struct Receiver<Parser: HeadParser> {
    private var parsers: [Parser]
    private var unread: [UInt8] = []
    private var dropped = 0
    private var decoder: BodyDecoder?
    private var head: Parser.Head?
    private let limits: HTTPLimits
    private(set) var outcome = Outcome()

    /// Creates a receiver that uses these parsers in turn, and the last one for all further messages.
    init(_ parsers: [Parser], limits: HTTPLimits = HTTPLimits()) {
        self.parsers = parsers
        self.limits = limits
    }

    /// Receives a connection from beginning to end.
    static func receive(_ pieces: [[UInt8]], _ parsers: [Parser], limits: HTTPLimits = HTTPLimits()) -> Outcome {
        var receiver = Receiver(parsers, limits: limits)
        for piece in pieces { receiver.receive(piece) }
        receiver.end()
        return receiver.outcome
    }

    mutating func receive(_ piece: [UInt8]) {
        unread += piece
        attempt { (receiver) throws(HTTPError) in while try receiver.step() {} }
    }

    mutating func end() {
        attempt { (receiver) throws(HTTPError) in try receiver.finish() }
    }

    private mutating func attempt(_ work: (inout Receiver) throws(HTTPError) -> Void) {
        guard outcome.error == nil, !outcome.isClosed else { return }
        do { try work(&self) } catch { outcome.error = error }
    }

    private mutating func finish() throws(HTTPError) {
        let bytes = unread
        if decoder == nil { return try parsers[0].finish(bytes.span.bytes) }
        try decoder?.finish(bytes.span.bytes)
        outcome.messages[outcome.messages.count - 1].isComplete = true
    }

    /// Advances to the next head or part of a body.
    ///
    /// Returns false if that needs more bytes.
    private mutating func step() throws(HTTPError) -> Bool {
        if outcome.isClosed { return false }
        return try decoder == nil ? readHead() : readBody()
    }

    private mutating func readHead() throws(HTTPError) -> Bool {
        let bytes = unread
        guard let head = try parsers[0].parse(bytes.span.bytes) else { return false }
        outcome.messages.append(head.message(in: unread))
        drop(head.length)
        decoder = BodyDecoder(head.framing, limits: limits)
        self.head = head
        return true
    }

    private mutating func readBody() throws(HTTPError) -> Bool {
        let bytes = unread
        guard let part = try decoder?.next(bytes.span.bytes) else { return false }
        let last = outcome.messages.count - 1
        drop(part.length)
        switch part {
        case .needsMore: return false
        case .data(let range): outcome.messages[last].body += bytes[range]
        case .end(let trailers, _):
            outcome.messages[last].trailers = trailers.all(in: bytes)
            outcome.messages[last].isComplete = true
            finishMessage()
        }
        return true
    }

    private mutating func drop(_ count: Int) {
        unread.removeFirst(count)
        dropped += count
    }

    private mutating func finishMessage() {
        decoder = nil
        outcome.starts.append(dropped)
        guard let head, !head.isInformational else { return }
        outcome.isClosed = !head.keepsAlive || (head.changesProtocol || (parsers.count == 1 && head.isResponse))
        if parsers.count > 1 { parsers.removeFirst() }
    }
}

/// A parser of heads.
protocol HeadParser {
    associatedtype Head: ParsedHead
    mutating func parse(_ bytes: RawSpan) throws(HTTPError) -> Head?
    mutating func finish(_ bytes: RawSpan) throws(HTTPError)
}

protocol ParsedHead {
    var framing: BodyFraming { get }
    var keepsAlive: Bool { get }
    var length: Int { get }
    /// Whether the final response is yet to come.
    var isInformational: Bool { get }
    /// Whether another protocol follows.
    var changesProtocol: Bool { get }
    /// Whether each message of this kind belongs to one request.
    var isResponse: Bool { get }
    func message(in bytes: [UInt8]) -> Message
}

extension RequestParser: HeadParser {}
extension ResponseParser: HeadParser {}

extension RequestHead: ParsedHead {
    var isInformational: Bool { false }
    var changesProtocol: Bool { method == .connect }
    var isResponse: Bool { false }

    func message(in bytes: [UInt8]) -> Message {
        let line = [bytes.text(methodName), bytes.text(target), version.text]
        return Message(firstLine: line, fields: fields.all(in: bytes))
    }
}

extension ResponseHead: ParsedHead {
    var isInformational: Bool { status.isInformational && !changesProtocol }
    var changesProtocol: Bool { status.rawValue == 101 }
    var isResponse: Bool { true }

    func message(in bytes: [UInt8]) -> Message {
        Message(firstLine: [version.text, "\(status.rawValue)"], fields: fields.all(in: bytes))
    }
}

extension HTTPVersion {
    var text: String { self == .http10 ? "1.0" : "1.1" }
}

extension HTTPFields {
    /// Copies of all fields.
    func all(in bytes: [UInt8]) -> [Message.Field] {
        var cursor = makeCursor()
        var all: [Message.Field] = []
        while let field = cursor.next(in: bytes.span.bytes) {
            all.append(Message.Field(bytes.text(field.name), bytes.text(field.value)))
        }
        return all
    }
}

extension [UInt8] {
    /// Whether the bytes end with these.
    func ends(with bytes: [UInt8]) -> Bool { suffix(bytes.count).elementsEqual(bytes) }

    /// Decodes a range as UTF-8.
    func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }
}
