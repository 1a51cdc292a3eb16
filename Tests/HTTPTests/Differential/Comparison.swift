// SPDX-License-Identifier: Apache-2.0

import HTTP

/// What both parsers made of the same bytes, and the first message in which they differ.
struct Comparison: CustomStringConvertible {
    let pieces: [[UInt8]]
    /// The methods that responses answer; none for requests.
    let methods: [String]
    let ours: Outcome
    let theirs: Oracle
    /// Which message they differ in; after the last one, if they differ in what follows it.
    let index: Int

    /// Has generated requests read by both.
    static func ofRequests(seed: UInt64) -> Comparison {
        var generator = MessageGenerator(seed: seed)
        let bytes = generator.requests()
        return Comparison(generator.pieces(of: bytes), methods: [])
    }

    /// Has generated responses read by both.
    static func ofResponses(seed: UInt64) -> Comparison {
        var generator = MessageGenerator(seed: seed)
        let (methods, bytes) = generator.responses()
        return Comparison(generator.pieces(of: bytes), methods: methods)
    }

    /// Has an example read by both.
    static func of(_ example: Difference.Example) -> Comparison {
        switch example {
        case .requests(let text): Comparison([Array(text.utf8)], methods: [])
        case .responses(let text, let methods): Comparison([Array(text.utf8)], methods: methods)
        }
    }

    private init(_ pieces: [[UInt8]], methods: [String]) {
        self.pieces = pieces
        self.methods = methods
        // NIO leaves it to others to limit a body.
        let limits = HTTPLimits(body: .max)
        if methods.isEmpty {
            ours = receiveRequests(pieces, limits: limits)
            theirs = Oracle.decodeRequests(pieces)
        } else {
            ours = receiveResponses(pieces, to: methods.map(HTTPMethod.init(named:)), limits: limits)
            theirs = Oracle.decodeResponses(pieces, to: methods)
        }
        index = zip(ours.messages, theirs.messages).prefix { $0 == $1 }.count
    }

    var bytes: [UInt8] { Array(pieces.joined()) }

    var description: String {
        """
        \(String(decoding: bytes, as: UTF8.self).debugDescription) in pieces of \(pieces.map(\.count))
        ours: \(ours.messages) \(ours.error.map { "\($0)" } ?? "")
        NIO: \(theirs.messages) \(theirs.error.map { "\($0)" } ?? "")
        """
    }

    /// Whether they have the same messages, and both an error or neither.
    var isEqual: Bool { ours.messages == theirs.messages && (ours.error == nil) == (theirs.error == nil) }

    var isOfResponses: Bool { !methods.isEmpty }

    /// The message in which they differ, as we have it; nil where we refused its head, or had none.
    var our: Message? { index < ours.messages.count ? ours.messages[index] : nil }

    /// The message in which they differ, as NIO has it; nil where it refused its head, or had none.
    var their: Message? { index < theirs.messages.count ? theirs.messages[index] : nil }

    /// The message before it.
    var previous: Message? { index > 0 ? ours.messages[index - 1] : nil }

    /// The bytes of that message, or, where we did not come to its end, all from its beginning on; each one character.
    var raw: String { raw(of: index) }

    /// The bytes of the message before it, likewise.
    var previousRaw: String { index > 0 ? raw(of: index - 1) : "" }

    private func raw(of index: Int) -> String {
        let bytes = bytes
        let start = index < ours.starts.count ? ours.starts[index] : bytes.count
        let end = index + 1 < ours.starts.count ? ours.starts[index + 1] : bytes.count
        return String(String.UnicodeScalarView(bytes[start..<end].map { Unicode.Scalar($0) }))
    }

    /// Whether they have the same head of that message, if both have one; NIO may call its method otherwise.
    var hasSameHead: Bool {
        guard let our, let their else { return true }
        return our.fields == their.fields && our.firstLine.dropFirst() == their.firstLine.dropFirst()
    }

    /// Whether they have the same bytes of its body, as far as both have it.
    var hasSameBody: Bool {
        guard let our, let their else { return true }
        return zip(our.body, their.body).allSatisfy(==)
    }
}

extension HTTPMethod {
    /// The method of a name that is known.
    init(named name: String) { self = Self.allCases.first { "\($0.name)" == name } ?? .other }
}
