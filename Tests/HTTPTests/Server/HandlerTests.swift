// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import Testing

/// What handlers respond, and fail to.
@Suite struct `Responses of handlers` {
    private static func request(_ method: String = "GET", _ version: String = "HTTP/1.1") -> String {
        "\(method) / \(version)\r\nHost: a\r\n\r\n"
    }

    /// What comes in response to two requests in a row.
    private func replies(
        _ setting: Setting,
        to request: String = Self.request(),
        _ handler: @escaping Setting.Handler
    ) throws -> String {
        try setting.serve(handler: handler) { pages in
            // That the connection ends, where it has to, is the server's doing.
            let end = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            return try await pages.talk(request + end, halfCloses: false)
        }
    }

    private static let streaming: Setting.Handler = { exchange in
        try await exchange.beginResponse(.ok)
        for text in ["Hello", "", ", world"] { try await exchange.write(text) }
        try await exchange.endResponse()
    }

    private static let chunks = "5\r\nHello\r\n7\r\n, world\r\n0\r\n\r\n"
    private static let chunked = "Transfer-Encoding: chunked\r\n"
    private static let close = "Connection: close\r\n"

    @Test(arguments: Setting.all)
    func `A stream comes in chunks`(setting: Setting) throws {
        let replies = try replies(setting, Self.streaming)
        let (first, last) = (Reply.head("200 OK", Self.chunked), Reply.head("200 OK", Self.chunked + Self.close))
        #expect(replies == first + Self.chunks + last + Self.chunks)
    }

    @Test(arguments: Setting.all)
    func `To a client of HTTP/1.0 a stream ends with the connection`(setting: Setting) throws {
        let request = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        let replies = try replies(setting, to: request, Self.streaming)
        #expect(replies == Reply.head("200 OK", Self.close) + "Hello, world")
    }

    @Test(arguments: Setting.all)
    func `A stream of known length is announced, and the connection goes on`(setting: Setting) throws {
        let replies = try replies(setting) { exchange in
            try await exchange.beginResponse(.ok, length: 12)
            for text in ["Hello", ", world"] { try await exchange.write(text) }
            try await exchange.endResponse()
        }
        #expect(replies == Reply.text("Hello, world") + Reply.last("Hello, world"))
    }

    @Test(arguments: Setting.all, [[], ["Hello"], ["Hello", ", worl"]])
    func `A stream that ends before its length is seen to be cut short`(setting: Setting, parts: [String]) throws {
        let replies = try replies(setting) { exchange in
            try await exchange.beginResponse(.ok, length: 12)
            for text in parts { try await exchange.write(text) }
            try await exchange.endResponse()
        }
        #expect(replies == Reply.head("200 OK", "Content-Length: 12\r\n") + parts.joined())
    }

    @Test(arguments: Setting.all)
    func `Where there is no body, the handler need not have one of the length that it announces`(setting: Setting)
        throws
    {
        let handler: Setting.Handler = { exchange in
            try await exchange.beginResponse(.ok, length: 12)
            if exchange.method == "HEAD" { try await exchange.write("longer than that") }
            if exchange.method == "GET" { try await exchange.write("Hello, world") }
            try await exchange.endResponse()
        }
        let head = try replies(setting, to: Self.request("HEAD"), handler)
        #expect(head == Reply.text("Hello, world", omitsBody: true) + Reply.last("Hello, world"))
        let none = try replies(setting) { exchange in
            try await exchange.beginResponse(.noContent, length: 12)
            try await exchange.endResponse()
        }
        #expect(none == "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
    }

    @Test(arguments: Setting.all)
    func `HEAD has the same head, and no body`(setting: Setting) throws {
        let text = try replies(setting, to: Self.request("HEAD")) { try await $0.respond(.ok, "Hello, world") }
        #expect(text == Reply.text("Hello, world", omitsBody: true) + Reply.last("Hello, world"))
        let stream = try replies(setting, to: Self.request("HEAD"), Self.streaming)
        let last = Reply.head("200 OK", Self.chunked + Self.close) + Self.chunks
        #expect(stream == Reply.head("200 OK", Self.chunked) + last)
    }

    @Test(arguments: Setting.all, [HTTPStatus.noContent, .notModified])
    func `A status without a body has none, whatever the handler says`(setting: Setting, status: HTTPStatus) throws {
        let expected = "HTTP/1.1 \(status)\r\n\r\nHTTP/1.1 \(status)\r\nConnection: close\r\n\r\n"
        #expect(try replies(setting) { try await $0.respond(status, "a body") } == expected)
        let streamed = try replies(setting) { exchange in
            try await exchange.beginResponse(status)
            try await exchange.write("a body")
            try await exchange.endResponse()
        }
        #expect(streamed == expected)
    }

    @Test(arguments: Setting.all)
    func `What is long comes whole, at once or in pieces`(setting: Setting) throws {
        let text = String(repeating: "0123456789abcdef", count: 20_000)
        #expect(try replies(setting) { try await $0.respond(.ok, text) } == Reply.text(text) + Reply.last(text))
        let streamed = try replies(setting) { exchange in
            try await exchange.beginResponse(.ok, length: text.utf8.count)
            for _ in 0..<20 { try await exchange.write(String(text.prefix(16_000))) }
            try await exchange.endResponse()
        }
        #expect(streamed == Reply.text(text) + Reply.last(text))
    }

    @Test(arguments: Setting.all)
    func `A handler that throws before it responds is answered for`(setting: Setting) throws {
        let replies = try replies(setting) { _ in throw Failure() }
        #expect(replies == Reply.last("the server has failed\n", "500 Internal Server Error"))
    }

    @Test(arguments: Setting.all)
    func `A handler that forgets to respond is answered for`(setting: Setting) throws {
        let replies = try replies(setting) { _ in }
        #expect(replies == Reply.last("the server has failed\n", "500 Internal Server Error"))
    }

    @Test(arguments: Setting.all)
    func `A handler that throws after it has responded ends the connection`(setting: Setting) throws {
        let replies = try replies(setting) { exchange in
            try await exchange.respond(.ok, "done")
            throw Failure()
        }
        #expect(replies == Reply.text("done"))
    }

    @Test(arguments: Setting.all, [true, false])
    func `A response that was begun and not ended is seen to be cut short`(setting: Setting, throwing: Bool) throws {
        let replies = try replies(setting) { exchange in
            try await exchange.beginResponse(.ok)
            try await exchange.write("Hello")
            if throwing { throw Failure() }
        }
        #expect(replies == Reply.head("200 OK", Self.chunked) + "5\r\nHello\r\n")
    }
}

private struct Failure: Error {}

extension HTTPExchange {
    /// Sends a text as part of a body.
    func write(_ text: String) async throws {
        try await withBytes(of: text) { try await write($0) }
    }
}
