// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// What handlers send, and fail to send.
@Suite struct `Responses of handlers` {
    private static func request(_ method: String = "GET", _ version: String = "HTTP/1.1") -> String {
        "\(method) / \(version)\r\nHost: a\r\n\r\n"
    }

    /// What the server sends in response to two requests in a row.
    private func responses(
        _ configuration: Configuration,
        to request: String = Self.request(),
        _ handler: @escaping Configuration.Handler
    ) throws -> String {
        try configuration.serve(handler: handler) { fixture in
            // The second request makes the server close the connection.
            let end = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            return try await fixture.exchange(request + end, halfCloses: false)
        }
    }

    private static let streaming: Configuration.Handler = { exchange in
        try await exchange.beginResponse(.ok)
        for text in ["Hello", "", ", world"] { try await exchange.write(text) }
        try await exchange.endResponse()
    }

    private static let chunks = "5\r\nHello\r\n7\r\n, world\r\n0\r\n\r\n"
    private static let chunked = "Transfer-Encoding: chunked\r\n"
    private static let close = "Connection: close\r\n"

    @Test(arguments: Configuration.all)
    func `A stream is sent in chunks`(configuration: Configuration) throws {
        let responses = try responses(configuration, Self.streaming)
        let (first, last) = (
            ExpectedResponse.head("200 OK", Self.chunked), ExpectedResponse.head("200 OK", Self.chunked + Self.close)
        )
        #expect(responses == first + Self.chunks + last + Self.chunks)
    }

    @Test(arguments: Configuration.all)
    func `For an HTTP/1.0 client a stream ends with the connection`(configuration: Configuration) throws {
        let request = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        let responses = try responses(configuration, to: request, Self.streaming)
        #expect(responses == ExpectedResponse.head("200 OK", Self.close) + "Hello, world")
    }

    @Test(arguments: Configuration.all)
    func `A stream of known length has a Content-Length, and the connection is kept`(configuration: Configuration)
        throws
    {
        let responses = try responses(configuration) { exchange in
            try await exchange.beginResponse(.ok, length: 12)
            for text in ["Hello", ", world"] { try await exchange.write(text) }
            try await exchange.endResponse()
        }
        #expect(responses == ExpectedResponse.text("Hello, world") + ExpectedResponse.last("Hello, world"))
    }

    @Test(arguments: Configuration.all, [[], ["Hello"], ["Hello", ", worl"]])
    func `A client notices a stream that ends before its length`(configuration: Configuration, parts: [String]) throws {
        let responses = try responses(configuration) { exchange in
            try await exchange.beginResponse(.ok, length: 12)
            for text in parts { try await exchange.write(text) }
            try await exchange.endResponse()
        }
        #expect(responses == ExpectedResponse.head("200 OK", "Content-Length: 12\r\n") + parts.joined())
    }

    @Test(arguments: Configuration.all)
    func `A response without a body need not match the length that it announces`(configuration: Configuration)
        throws
    {
        let handler: Configuration.Handler = { exchange in
            try await exchange.beginResponse(.ok, length: 12)
            if exchange.method == "HEAD" { try await exchange.write("longer than that") }
            if exchange.method == "GET" { try await exchange.write("Hello, world") }
            try await exchange.endResponse()
        }
        let head = try responses(configuration, to: Self.request("HEAD"), handler)
        #expect(head == ExpectedResponse.text("Hello, world", omitsBody: true) + ExpectedResponse.last("Hello, world"))
        let none = try responses(configuration) { exchange in
            try await exchange.beginResponse(.noContent, length: 12)
            try await exchange.endResponse()
        }
        #expect(none == "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
    }

    @Test(arguments: Configuration.all)
    func `HEAD gets the same head and no body`(configuration: Configuration) throws {
        let text = try responses(configuration, to: Self.request("HEAD")) { try await $0.respond(.ok, "Hello, world") }
        #expect(text == ExpectedResponse.text("Hello, world", omitsBody: true) + ExpectedResponse.last("Hello, world"))
        let stream = try responses(configuration, to: Self.request("HEAD"), Self.streaming)
        let last = ExpectedResponse.head("200 OK", Self.chunked + Self.close) + Self.chunks
        #expect(stream == ExpectedResponse.head("200 OK", Self.chunked) + last)
    }

    @Test(arguments: Configuration.all, [HTTPStatus.noContent, .notModified])
    func `A status that allows no body has none, whatever the handler sends`(
        configuration: Configuration,
        status: HTTPStatus
    ) throws {
        let expected = "HTTP/1.1 \(status)\r\n\r\nHTTP/1.1 \(status)\r\nConnection: close\r\n\r\n"
        #expect(try responses(configuration) { try await $0.respond(status, "a body") } == expected)
        let streamed = try responses(configuration) { exchange in
            try await exchange.beginResponse(status)
            try await exchange.write("a body")
            try await exchange.endResponse()
        }
        #expect(streamed == expected)
    }

    @Test(arguments: Configuration.all)
    func `A long body arrives complete, at once or in parts`(configuration: Configuration) throws {
        let text = String(repeating: "0123456789abcdef", count: 20_000)
        #expect(
            try responses(configuration) { try await $0.respond(.ok, text) } == ExpectedResponse.text(text)
                + ExpectedResponse.last(text)
        )
        let streamed = try responses(configuration) { exchange in
            try await exchange.beginResponse(.ok, length: text.utf8.count)
            for _ in 0..<20 { try await exchange.write(String(text.prefix(16_000))) }
            try await exchange.endResponse()
        }
        #expect(streamed == ExpectedResponse.text(text) + ExpectedResponse.last(text))
    }

    @Test(arguments: Configuration.all)
    func `The server responds for a handler that throws before it responds`(configuration: Configuration) throws {
        let responses = try responses(configuration) { _ in throw Failure() }
        #expect(responses == ExpectedResponse.last("internal server error\n", "500 Internal Server Error"))
    }

    @Test(arguments: Configuration.all)
    func `The server responds for a handler that does not`(configuration: Configuration) throws {
        let responses = try responses(configuration) { _ in }
        #expect(responses == ExpectedResponse.last("internal server error\n", "500 Internal Server Error"))
    }

    @Test(arguments: Configuration.all)
    func `A handler that throws after it responded ends the connection`(configuration: Configuration) throws {
        let responses = try responses(configuration) { exchange in
            try await exchange.respond(.ok, "done")
            throw Failure()
        }
        #expect(responses == ExpectedResponse.text("done"))
    }

    @Test(arguments: Configuration.all, [true, false])
    func `A client notices a response that was begun and not ended`(configuration: Configuration, throwing: Bool) throws
    {
        let responses = try responses(configuration) { exchange in
            try await exchange.beginResponse(.ok)
            try await exchange.write("Hello")
            if throwing { throw Failure() }
        }
        #expect(responses == ExpectedResponse.head("200 OK", Self.chunked) + "5\r\nHello\r\n")
    }
}

private struct Failure: Error {}

extension HTTPExchange {
    /// Writes text as part of a body.
    func write(_ text: String) async throws {
        try await withBytes(of: text) { try await write($0) }
    }
}
