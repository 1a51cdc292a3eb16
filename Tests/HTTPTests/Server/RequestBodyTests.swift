// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// Bodies that handlers read, and bodies that they do not.
@Suite struct `Bodies of requests` {
    private static let echo: Configuration.Handler = { exchange in
        var text = ""
        while let part = try await exchange.nextBodyPart() { text += String(decoding: part, as: UTF8.self) }
        try await exchange.respond(.ok, text)
    }
    private static let ignore: Configuration.Handler = { try await $0.respond(.ok, "ignored") }

    private static func post(_ body: String, fields: String = "") -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func chunked(_ chunks: [String]) -> String {
        let body = chunks.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
        return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)0\r\n\r\n"
    }

    @Test(arguments: Configuration.all)
    func `They arrive complete, with a length or in chunks`(configuration: Configuration) throws {
        let long = String(repeating: "0123456789", count: 20_000)
        let responses = try configuration.serve(
            handler: Self.echo,
            { fixture in
                let connection = try await fixture.connect()
                // If neither side read, each would wait for the other.
                Tasklet.spawn("writer") {
                    try await connection.send(Self.post("Hello") + Self.chunked(["Hello", ", ", "world"]))
                    try await connection.send(Self.post(long) + Self.chunked([long, "", "end"]) + Self.post(""))
                    connection.stream.finishWriting()
                }
                return try await connection.readToEnd()
            }
        )
        // An empty chunk is the last one; what follows it here is not a request.
        let complete = ["Hello", "Hello, world", long, long].map { ExpectedResponse.text($0) }.joined()
        #expect(responses.hasPrefix(complete))
        #expect(responses.dropFirst(complete.count).hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
    }

    @Test(arguments: Configuration.all)
    func `Tiny chunks that arrive together are read where they are`(configuration: Configuration) throws {
        let count = 1_000
        let distinct = Guarded(0)
        let response = try configuration.serve(
            handler: { exchange in
                var (text, addresses) = ("", Set<UInt>())
                while let part = try await exchange.nextBodyPart() {
                    text += String(decoding: part, as: UTF8.self)
                    addresses.insert(UInt(bitPattern: part.baseAddress))
                }
                distinct.withLock { [addresses] in $0 = max($0, addresses.count) }
                try await exchange.respond(.ok, text)
            },
            { try await $0.exchange(Self.chunked(Array(repeating: "x", count: count)) + Self.post("next")) }
        )
        let expected = [String(repeating: "x", count: count), "next"].map { ExpectedResponse.text($0) }
        #expect(response == expected.joined())
        // Moving the rest of the buffer for each chunk would bring them all to one address.
        #expect(distinct.withLock { $0 } > count / 2)
    }

    @Test(arguments: Configuration.all)
    func `They may arrive in any pieces`(configuration: Configuration) throws {
        let responses = try configuration.serve(
            handler: Self.echo,
            { fixture in
                let connection = try await fixture.connect()
                for byte in (Self.post("pieces") + Self.chunked(["pi", "eces"])).utf8 {
                    try await connection.send(String(decoding: [byte], as: UTF8.self))
                    try await Tasklet.schedule()
                }
                connection.stream.finishWriting()
                return try await connection.readToEnd()
            }
        )
        #expect(responses == ExpectedResponse.text("pieces") + ExpectedResponse.text("pieces"))
    }

    @Test(arguments: Configuration.all)
    func `A client that expects 100 Continue gets it when the handler reads the body`(configuration: Configuration)
        throws
    {
        let (told, response) = try configuration.serve(
            handler: Self.echo,
            { fixture in
                let connection = try await fixture.connect()
                let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
                let told = try await connection.roundTrip(head, for: "HTTP/1.1 100 Continue\r\n\r\n")
                return (told, try await connection.roundTrip("body", for: ExpectedResponse.text("body")))
            }
        )
        #expect(told == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(response == ExpectedResponse.text("body"))
    }

    @Test(arguments: Configuration.all)
    func `A client that expects 100 Continue does not get it if the handler does not read, and the connection ends`(
        configuration: Configuration
    ) throws {
        let response = try configuration.serve(
            handler: Self.ignore,
            { fixture in
                let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
                return try await fixture.exchange(head, halfCloses: false)
            }
        )
        #expect(response == ExpectedResponse.last("ignored"))
    }

    @Test(arguments: Configuration.all)
    func `A client that sends its body unasked does not get 100 Continue`(configuration: Configuration) throws {
        let response = try configuration.serve(
            handler: Self.echo,
            { fixture in try await fixture.exchange(Self.post("body", fields: "Expect: 100-continue\r\n")) }
        )
        #expect(response == ExpectedResponse.text("body"))
    }

    @Test(arguments: Configuration.all)
    func `A short body that the handler does not read is skipped`(configuration: Configuration) throws {
        let responses = try configuration.serve(
            handler: Self.ignore,
            { fixture in try await fixture.exchange(Self.post("unread") + Self.chunked(["un", "read"]) + Self.post(""))
            }
        )
        #expect(responses == String(repeating: ExpectedResponse.text("ignored"), count: 3))
    }

    @Test(arguments: Configuration.all)
    func `A long body that the handler does not read ends the connection, after the response`(
        configuration: Configuration
    ) throws {
        let body = String(repeating: "x", count: 900_000)
        let response = try configuration.serve(
            handler: Self.ignore,
            { fixture in
                let connection = try await fixture.connect()
                // The server does not read all of it.
                Tasklet.spawn("writer") { try? await connection.send(Self.post(body) + Self.post("next")) }
                defer { connection.stream.close() }
                return try await connection.readToEnd()
            }
        )
        #expect(response == ExpectedResponse.text("ignored"))
    }

    @Test(arguments: Configuration.all)
    func `A malformed body that the handler does not read ends the connection, after the response`(
        configuration: Configuration
    ) throws {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n" + Self.post("next")
        let response = try configuration.serve(
            handler: Self.ignore,
            { fixture in try await fixture.exchange(request, halfCloses: false) }
        )
        #expect(response == ExpectedResponse.text("ignored"))
    }

    @Test(arguments: Configuration.all)
    func `A handler may respond to a malformed body itself`(configuration: Configuration) throws {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n" + Self.post("next")
        let response = try configuration.serve(
            handler: { exchange in
                do { try await Self.echo(exchange) } catch is HTTPError {
                    try await exchange.respond(.notFound, "caught")
                }
            },
            { fixture in try await fixture.exchange(request, halfCloses: false) }
        )
        #expect(response == ExpectedResponse.text("caught", "404 Not Found"))
    }
}
