// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport

/// A server under test, and the tasklet that serves.
struct ServerFixture: Sendable {
    let server: HTTPServer
    let tasklet: Tasklet
    let port: Int

    /// Connects to the server.
    func connect() async throws -> RawConnection {
        RawConnection(stream: try await TCPStream.connect(host: "127.0.0.1", port: port))
    }

    /// Sends text on a new connection and returns what the server sends until it closes.
    ///
    /// - Parameter halfCloses: whether the client shuts down its sending side afterwards.
    func exchange(_ text: String, halfCloses: Bool = true) async throws -> String {
        let connection = try await connect()
        try await connection.send(text)
        if halfCloses { connection.stream.finishWriting() }
        return try await connection.readToEnd()
    }
}

extension Configuration {
    /// A request handler.
    typealias Handler = @Sendable (HTTPExchange) async throws -> Void

    /// Runs `main` beside an HTTP server, and stops the server afterwards.
    func serve<R: Sendable>(
        _ options: HTTPServerOptions = HTTPServerOptions(),
        handler: @escaping Handler = { try await $0.respond(.ok, "\($0.method) \($0.path)") },
        _ main: @escaping @Sendable (ServerFixture) async throws -> R
    ) throws -> R {
        try makeScheduler().run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let server = HTTPServer(options, handler: handler)
            let tasklet = Tasklet.spawn("server") { try await server.serve(listener) }
            defer { server.stop() }
            return try await main(ServerFixture(server: server, tasklet: tasklet, port: listener.port))
        }
    }

    /// Runs `main` beside an HTTP server, stops it, and returns its final counters.
    func counters(
        _ options: HTTPServerOptions = HTTPServerOptions(),
        handler: @escaping Handler,
        _ main: @escaping @Sendable (ServerFixture) async throws -> Void
    ) throws -> HTTPServerCounters {
        try serve(options, handler: handler) { fixture in
            try await main(fixture)
            fixture.server.stop()
            try await fixture.tasklet.join()
            return fixture.server.counters
        }
    }
}

/// A connection whose bytes the test writes and reads itself.
struct RawConnection: Sendable {
    let stream: TCPStream

    func send(_ text: String) async throws { try await stream.write(text) }

    /// Everything up to the end of the stream, without Date fields.
    func readToEnd() async throws -> String {
        var bytes: [UInt8] = []
        while true {
            let some = try await stream.readSome()
            if some.isEmpty { return ExpectedResponse.withoutDates(bytes) }
            bytes += some
        }
    }

    /// The next `count` bytes of text, without Date fields, which do not count.
    func read(_ count: Int) async throws -> String {
        var bytes: [UInt8] = []
        while true {
            let text = ExpectedResponse.withoutDates(bytes)
            if text.utf8.count >= count { return text }
            let some = try await stream.readSome()
            if some.isEmpty { return text }
            bytes += some
        }
    }

    /// Sends a request, and reads as much as the expected response; returns what arrived.
    func roundTrip(_ request: String, for response: String) async throws -> String {
        try await send(request)
        return try await read(response.utf8.count)
    }
}

/// Expected responses, without their Date fields.
enum ExpectedResponse {
    /// A response with text.
    static func text(_ text: String, _ status: String = "200 OK", fields: String = "", omitsBody: Bool = false)
        -> String
    {
        head(status, "Content-Length: \(text.utf8.count)\r\n\(fields)") + (omitsBody ? "" : text)
    }

    /// The head of a response.
    static func head(_ status: String, _ fields: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: text/plain\r\n\(fields)\r\n"
    }

    /// A response after which the connection closes.
    static func last(_ text: String, _ status: String = "200 OK") -> String {
        Self.text(text, status, fields: "Connection: close\r\n")
    }

    /// The text without its Date fields, which must be well-formed.
    static func withoutDates(_ bytes: [UInt8]) -> String {
        let date = #/Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r\n/#
        return String(decoding: bytes, as: UTF8.self).replacing(date.matchingSemantics(.unicodeScalar), with: "")
    }
}

extension HTTPServerOptions {
    /// The default options with changes.
    static func with(_ change: (inout HTTPServerOptions) -> Void) -> HTTPServerOptions {
        var options = HTTPServerOptions()
        change(&options)
        return options
    }
}
