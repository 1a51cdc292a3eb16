// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

/// A server under test, and the tasklet that serves.
struct ServedPages: Sendable {
    let server: HTTPServer
    let tasklet: Tasklet
    let port: Int

    /// A connection to it.
    func connect() async throws -> RawConnection {
        RawConnection(stream: try await TCPStream.connect(host: "127.0.0.1", port: port))
    }

    /// What it sends on one connection on which this is sent, until it closes that.
    ///
    /// - Parameter halfCloses: whether it is told that nothing will follow.
    func talk(_ text: String, halfCloses: Bool = true) async throws -> String {
        let connection = try await connect()
        try await connection.send(text)
        if halfCloses { connection.stream.finishWriting() }
        return try await connection.readToEnd()
    }
}

extension Setting {
    /// What answers requests.
    typealias Handler = @Sendable (HTTPExchange) async throws -> Void

    /// Runs `main` beside an HTTP server, which is stopped at its end.
    func serve<R: Sendable>(
        _ options: HTTPServerOptions = HTTPServerOptions(),
        handler: @escaping Handler = { try await $0.respond(.ok, "\($0.method) \($0.path)") },
        _ main: @escaping @Sendable (ServedPages) async throws -> R
    ) throws -> R {
        try scheduler().run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let server = HTTPServer(options, handler: handler)
            let tasklet = Tasklet.spawn("server") { try await server.serve(listener) }
            defer { server.stop() }
            return try await main(ServedPages(server: server, tasklet: tasklet, port: listener.port))
        }
    }

    /// What a server has done when it has come to its end.
    func counters(
        _ options: HTTPServerOptions = HTTPServerOptions(),
        handler: @escaping Handler,
        _ main: @escaping @Sendable (ServedPages) async throws -> Void
    ) throws -> HTTPServerCounters {
        try serve(options, handler: handler) { pages in
            try await main(pages)
            pages.server.stop()
            try await pages.tasklet.join()
            return pages.server.counters
        }
    }
}

/// A connection whose bytes a test writes and reads itself.
struct RawConnection: Sendable {
    let stream: TCPStream

    func send(_ text: String) async throws { try await stream.write(text) }

    /// What comes until the server ends the connection, without the dates.
    func readToEnd() async throws -> String {
        var bytes: [UInt8] = []
        while true {
            let some = try await stream.readSome()
            if some.isEmpty { return Reply.withoutDates(bytes) }
            bytes += some
        }
    }

    /// The next so many bytes of text, without the dates, which are not counted.
    func read(_ count: Int) async throws -> String {
        var bytes: [UInt8] = []
        while true {
            let text = Reply.withoutDates(bytes)
            if text.utf8.count >= count { return text }
            let some = try await stream.readSome()
            if some.isEmpty { return text }
            bytes += some
        }
    }

    /// Sends a request and reads the reply that it is to have; returns what came.
    func ask(_ request: String, for reply: String) async throws -> String {
        try await send(request)
        return try await read(reply.utf8.count)
    }
}

/// What is expected on the wire: replies without their dates, because those change.
enum Reply {
    /// A reply with a text.
    static func text(_ text: String, _ status: String = "200 OK", fields: String = "", omitsBody: Bool = false)
        -> String
    {
        head(status, "Content-Length: \(text.utf8.count)\r\n\(fields)") + (omitsBody ? "" : text)
    }

    /// The head of a reply.
    static func head(_ status: String, _ fields: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: text/plain\r\n\(fields)\r\n"
    }

    /// A reply after which the connection is closed.
    static func last(_ text: String, _ status: String = "200 OK") -> String {
        Self.text(text, status, fields: "Connection: close\r\n")
    }

    /// The text without its Date fields, which have to be well-formed.
    static func withoutDates(_ bytes: [UInt8]) -> String {
        let date = #/Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r\n/#
        return String(decoding: bytes, as: UTF8.self).replacing(date.matchingSemantics(.unicodeScalar), with: "")
    }
}

extension HTTPServerOptions {
    /// The defaults with changes.
    static func with(_ change: (inout HTTPServerOptions) -> Void) -> HTTPServerOptions {
        var options = HTTPServerOptions()
        change(&options)
        return options
    }
}
