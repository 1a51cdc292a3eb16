// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import Testing

/// What handlers read of bodies, and what they do not.
@Suite struct `Bodies of requests` {
    private static let echo: Setting.Handler = { exchange in
        var text = ""
        while let part = try await exchange.nextBodyPart() { text += String(decoding: part, as: UTF8.self) }
        try await exchange.respond(.ok, text)
    }
    private static let ignore: Setting.Handler = { try await $0.respond(.ok, "ignored") }

    private static func post(_ body: String, fields: String = "") -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func chunked(_ chunks: [String]) -> String {
        let body = chunks.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
        return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)0\r\n\r\n"
    }

    @Test(arguments: Setting.all)
    func `They come whole, with a length or in chunks`(setting: Setting) throws {
        let long = String(repeating: "0123456789", count: 20_000)
        let replies = try setting.serve(
            handler: Self.echo,
            { pages in
                let connection = try await pages.connect()
                // Both ends would wait for each other if none read.
                Tasklet.spawn("writer") {
                    try await connection.send(Self.post("Hello") + Self.chunked(["Hello", ", ", "world"]))
                    try await connection.send(Self.post(long) + Self.chunked([long, "", "end"]) + Self.post(""))
                    connection.stream.finishWriting()
                }
                return try await connection.readToEnd()
            }
        )
        // An empty chunk is the last one; what follows it here begins no request.
        let complete = ["Hello", "Hello, world", long, long].map { Reply.text($0) }.joined()
        #expect(replies.hasPrefix(complete))
        #expect(replies.dropFirst(complete.count).hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
    }

    @Test(arguments: Setting.all)
    func `They come in whatever pieces`(setting: Setting) throws {
        let replies = try setting.serve(
            handler: Self.echo,
            { pages in
                let connection = try await pages.connect()
                for byte in (Self.post("pieces") + Self.chunked(["pi", "eces"])).utf8 {
                    try await connection.send(String(decoding: [byte], as: UTF8.self))
                    try await Tasklet.schedule()
                }
                connection.stream.finishWriting()
                return try await connection.readToEnd()
            }
        )
        #expect(replies == Reply.text("pieces") + Reply.text("pieces"))
    }

    @Test(arguments: Setting.all)
    func `A client that waits is told to send it when the handler reads it`(setting: Setting) throws {
        let (told, reply) = try setting.serve(
            handler: Self.echo,
            { pages in
                let connection = try await pages.connect()
                let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
                let told = try await connection.ask(head, for: "HTTP/1.1 100 Continue\r\n\r\n")
                return (told, try await connection.ask("body", for: Reply.text("body")))
            }
        )
        #expect(told == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(reply == Reply.text("body"))
    }

    @Test(arguments: Setting.all)
    func `A client that waits is not told where the handler does not read it, and the connection ends`(
        setting: Setting
    ) throws {
        let reply = try setting.serve(
            handler: Self.ignore,
            { pages in
                let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
                return try await pages.talk(head, halfCloses: false)
            }
        )
        #expect(reply == Reply.last("ignored"))
    }

    @Test(arguments: Setting.all)
    func `A client that does not wait though it says so is not told`(setting: Setting) throws {
        let reply = try setting.serve(
            handler: Self.echo,
            { pages in try await pages.talk(Self.post("body", fields: "Expect: 100-continue\r\n")) }
        )
        #expect(reply == Reply.text("body"))
    }

    @Test(arguments: Setting.all)
    func `A short one that the handler does not read is passed over`(setting: Setting) throws {
        let replies = try setting.serve(
            handler: Self.ignore,
            { pages in try await pages.talk(Self.post("unread") + Self.chunked(["un", "read"]) + Self.post("")) }
        )
        #expect(replies == String(repeating: Reply.text("ignored"), count: 3))
    }

    @Test(arguments: Setting.all)
    func `A long one that the handler does not read ends the connection, after the response`(setting: Setting) throws {
        let body = String(repeating: "x", count: 900_000)
        let reply = try setting.serve(
            handler: Self.ignore,
            { pages in
                let connection = try await pages.connect()
                // The server does not take it all.
                Tasklet.spawn("writer") { try? await connection.send(Self.post(body) + Self.post("next")) }
                defer { connection.stream.close() }
                return try await connection.readToEnd()
            }
        )
        #expect(reply == Reply.text("ignored"))
    }

    @Test(arguments: Setting.all)
    func `A malformed one that the handler does not read ends the connection, after the response`(
        setting: Setting
    ) throws {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n" + Self.post("next")
        let reply = try setting.serve(
            handler: Self.ignore,
            { pages in try await pages.talk(request, halfCloses: false) }
        )
        #expect(reply == Reply.text("ignored"))
    }

    @Test(arguments: Setting.all)
    func `A handler may respond to a malformed one itself`(setting: Setting) throws {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n" + Self.post("next")
        let reply = try setting.serve(
            handler: { exchange in
                do { try await Self.echo(exchange) } catch is HTTPError {
                    try await exchange.respond(.notFound, "caught")
                }
            },
            { pages in try await pages.talk(request, halfCloses: false) }
        )
        #expect(reply == Reply.text("caught", "404 Not Found"))
    }
}
