// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import NIOHTTP1

/// What SwiftNIO's decoder makes of the bytes of a connection.
///
/// It consists of llhttp, Node's parser, in strict mode, and the checks that NIO adds.
struct Oracle {
    var messages: [Message] = []
    /// The error thrown.
    private(set) var error: (any Error)?

    /// Decodes the requests of a connection.
    static func decodeRequests(_ pieces: [[UInt8]]) -> Oracle {
        var oracle = Oracle()
        let channel = EmbeddedChannel(
            handler: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
        )
        oracle.feed(pieces, to: channel) { oracle, channel in
            while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
                switch part {
                case .head(let head): oracle.begin([head.method.rawValue, head.uri, head.version.text], head.headers)
                case .body(let bytes): oracle.add(bytes)
                case .end(let trailers): oracle.end(trailers)
                }
            }
        }
        return oracle
    }

    /// Decodes the responses of a connection to requests with these methods.
    static func decodeResponses(_ pieces: [[UInt8]], to methods: [String]) -> Oracle {
        var oracle = Oracle()
        let decoder = HTTPResponseDecoder(informationalResponseStrategy: .forward)
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(decoder))
        oracle.attempt {
            for method in methods {
                let head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: "/")
                try channel.writeOutbound(HTTPClientRequestPart.head(head))
            }
        }
        oracle.feed(pieces, to: channel) { oracle, channel in
            while let part = try channel.readInbound(as: HTTPClientResponsePart.self) {
                switch part {
                case .head(let head):
                    oracle.begin([head.version.text, "\(head.status.code)"], head.headers)
                    if (100..<200).contains(head.status.code), head.status.code != 101 { oracle.end(nil) }
                case .body(let bytes): oracle.add(bytes)
                case .end(let trailers): oracle.end(trailers)
                }
            }
        }
        return oracle
    }

    /// Feeds pieces until one is rejected, and then the end of the connection.
    private mutating func feed(
        _ pieces: [[UInt8]],
        to channel: EmbeddedChannel,
        _ take: (inout Oracle, EmbeddedChannel) throws -> Void
    ) {
        attempt {
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/oracle")).wait()
            for piece in pieces { try channel.writeInbound(ByteBuffer(bytes: piece)) }
            try channel.close().wait()
            channel.embeddedEventLoop.run()
            try channel.throwIfErrorCaught()
        }
        try? take(&self, channel)
        _ = try? channel.finish(acceptAlreadyClosed: true)
        trimValues()
    }

    /// Trims trailing blanks from field values, which llhttp and NIO leave to their users.
    ///
    /// They do not change the meaning of a message, so they do not count as a difference.
    private mutating func trimValues() {
        for index in messages.indices {
            messages[index].fields = messages[index].fields.map(Self.trimmed)
            messages[index].trailers = messages[index].trailers.map(Self.trimmed)
        }
    }

    private static func trimmed(_ field: Message.Field) -> Message.Field {
        let blanks = field.value.reversed().prefix { $0 == " " || $0 == "\t" }.count
        return Message.Field(field.name, String(field.value.dropLast(blanks)))
    }

    private mutating func attempt(_ work: () throws -> Void) {
        guard error == nil else { return }
        do { try work() } catch { self.error = error }
    }

    private mutating func begin(_ firstLine: [String], _ headers: HTTPHeaders) {
        messages.append(Message(firstLine: firstLine, fields: headers.map(Message.Field.init)))
    }

    private mutating func add(_ bytes: ByteBuffer) { messages[messages.count - 1].body += bytes.readableBytesView }

    private mutating func end(_ trailers: HTTPHeaders?) {
        messages[messages.count - 1].trailers = trailers?.map(Message.Field.init) ?? []
        messages[messages.count - 1].isComplete = true
    }
}

extension HTTPVersion {
    fileprivate var text: String { "\(major).\(minor)" }
}
