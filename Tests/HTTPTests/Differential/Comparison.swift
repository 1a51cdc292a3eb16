// SPDX-License-Identifier: Apache-2.0

import HTTP

/// What both parsers made of the same bytes, and the first message on which they differ.
struct Comparison: CustomStringConvertible {
    let pieces: [[UInt8]]
    /// The methods of the requests behind responses; empty for requests.
    let methods: [String]
    let ours: Outcome
    let nio: Oracle
    /// The index of the first message on which they differ; one past the last if only what follows differs.
    let index: Int

    /// Compares the parsers on generated requests.
    static func ofRequests(seed: UInt64) -> Comparison {
        var generator = MessageGenerator(seed: seed)
        let bytes = generator.requests()
        return Comparison(generator.pieces(of: bytes), methods: [])
    }

    /// Compares the parsers on generated responses.
    static func ofResponses(seed: UInt64) -> Comparison {
        var generator = MessageGenerator(seed: seed)
        let (methods, bytes) = generator.responses()
        return Comparison(generator.pieces(of: bytes), methods: methods)
    }

    /// Compares the parsers on an example.
    static func of(_ example: KnownDifference.Example) -> Comparison {
        switch example {
        case .requests(let text): Comparison([Array(text.utf8)], methods: [])
        case .responses(let text, let methods): Comparison([Array(text.utf8)], methods: methods)
        }
    }

    private init(_ pieces: [[UInt8]], methods: [String]) {
        self.pieces = pieces
        self.methods = methods
        // NIO leaves it to its users to limit a body.
        let limits = HTTPLimits(body: .max)
        if methods.isEmpty {
            ours = receiveRequests(pieces, limits: limits)
            nio = Oracle.decodeRequests(pieces)
        } else {
            ours = receiveResponses(pieces, to: methods.map(HTTPMethod.init(named:)), limits: limits)
            nio = Oracle.decodeResponses(pieces, to: methods)
        }
        index = zip(ours.messages, nio.messages).prefix { $0 == $1 }.count
    }

    var bytes: [UInt8] { Array(pieces.joined()) }

    var description: String {
        """
        \(String(decoding: bytes, as: UTF8.self).debugDescription) in pieces of \(pieces.map(\.count))
        ours: \(ours.messages) \(ours.error.map { "\($0)" } ?? "")
        NIO: \(nio.messages) \(nio.error.map { "\($0)" } ?? "")
        """
    }

    /// Whether both have the same messages, and both or neither has an error.
    var isEqual: Bool { ours.messages == nio.messages && (ours.error == nil) == (nio.error == nil) }

    var hasResponses: Bool { !methods.isEmpty }

    /// Our parser's version of the message on which they differ; nil if it rejected the head or saw none.
    var ourMessage: Message? { index < ours.messages.count ? ours.messages[index] : nil }

    /// NIO's version of the message on which they differ; nil if it rejected the head or saw none.
    var nioMessage: Message? { index < nio.messages.count ? nio.messages[index] : nil }

    /// The message before it.
    var previous: Message? { index > 0 ? ours.messages[index - 1] : nil }

    /// The bytes of that message, one character each; to the end of the input if our parser did not complete it.
    var raw: String { raw(of: index) }

    /// The bytes of the message before it, likewise.
    var previousRaw: String { index > 0 ? raw(of: index - 1) : "" }

    private func raw(of index: Int) -> String {
        let bytes = bytes
        let start = index < ours.starts.count ? ours.starts[index] : bytes.count
        let end = index + 1 < ours.starts.count ? ours.starts[index + 1] : bytes.count
        return String(String.UnicodeScalarView(bytes[start..<end].map { Unicode.Scalar($0) }))
    }

    /// Whether the heads of that message are equal, as far as both exist; NIO may spell the method differently.
    var hasSameHead: Bool {
        guard let ourMessage, let nioMessage else { return true }
        return ourMessage.fields == nioMessage.fields
            && ourMessage.firstLine.dropFirst() == nioMessage.firstLine.dropFirst()
    }

    /// Whether the bodies of that message are equal, as far as both go.
    var hasSameBody: Bool {
        guard let ourMessage, let nioMessage else { return true }
        return zip(ourMessage.body, nioMessage.body).allSatisfy(==)
    }
}

extension HTTPMethod {
    /// The method with a name, or `other`.
    init(named name: String) { self = Self.allCases.first { "\($0.name)" == name } ?? .other }
}
