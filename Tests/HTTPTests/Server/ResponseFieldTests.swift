// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// The fields that handlers add to responses.
@Suite struct `Fields of responses` {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(arguments: Configuration.all)
    func `They are sent in order with that response alone`(configuration: Configuration) throws {
        let responses = try configuration.serve(
            handler: { exchange in
                if exchange.path == "/with" {
                    try exchange.addResponseField("Set-Cookie", "a=b")
                    try exchange.addResponseField("X-Empty", "")
                    try exchange.addResponseField("Set-Cookie", "c=ü")
                }
                try await exchange.respond(.ok, "text")
            },
            { try await $0.exchange("GET /with HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get) }
        )
        let fields = "Set-Cookie: a=b\r\nX-Empty: \r\nSet-Cookie: c=ü\r\n"
        let first = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\(fields)Content-Length: 4\r\n\r\ntext"
        #expect(responses == first + ExpectedResponse.text("text"))
    }

    @Test(arguments: Configuration.all)
    func `They precede a streamed body, and one without a body`(configuration: Configuration) throws {
        let responses = try configuration.serve(
            handler: { exchange in
                try exchange.addResponseField("A", "b")
                try await exchange.beginResponse(exchange.path == "/" ? .ok : .notModified)
                try await exchange.write("text")
                try await exchange.endResponse()
            },
            { try await $0.exchange(Self.get + "GET /not HTTP/1.1\r\nHost: a\r\n\r\n") }
        )
        let streamed = ExpectedResponse.head("200 OK", "A: b\r\nTransfer-Encoding: chunked\r\n")
        #expect(responses == streamed + "4\r\ntext\r\n0\r\n\r\nHTTP/1.1 304 Not Modified\r\nA: b\r\n\r\n")
    }

    @Test(
        arguments: Configuration.all,
        [
            ("A", "b\r\nC: d"), ("A", "b\n"), ("A", "\0"), ("A\r\nB", "c"), ("A b", "c"), ("A:", "b"), ("", "b"),
            ("É", "b"),
        ]
    )
    func `A field that a client would read as something else is refused`(
        configuration: Configuration,
        field: (name: String, value: String)
    ) throws {
        let response = try configuration.serve(
            handler: { exchange in
                try exchange.addResponseField("X", "y")
                #expect(throws: HTTPResponseError.invalidField(field.name)) {
                    try exchange.addResponseField(field.name, field.value)
                }
                try await exchange.respond(.ok, "text")
            },
            { try await $0.exchange(Self.get) }
        )
        #expect(response == ExpectedResponse.head("200 OK", "X: y\r\nContent-Length: 4\r\n") + "text")
    }

    @Test(arguments: ["Connection", "content-length", "CONTENT-TYPE", "Date", "Transfer-Encoding"])
    func `A field that the server writes itself is refused`(name: String) throws {
        let response = try Configuration.all[0].serve(
            handler: { exchange in
                #expect(throws: HTTPResponseError.reservedField(name)) { try exchange.addResponseField(name, "1") }
                try await exchange.respond(.ok, "text")
            },
            { try await $0.exchange(Self.get) }
        )
        #expect(response == ExpectedResponse.text("text"))
    }

    @Test(arguments: Configuration.all)
    func `Once the response has begun there are no more`(configuration: Configuration) throws {
        let response = try configuration.serve(
            handler: { exchange in
                try await exchange.respond(.ok, "text")
                #expect(throws: HTTPResponseError.alreadyBegun) { try exchange.addResponseField("A", "b") }
            },
            { try await $0.exchange(Self.get) }
        )
        #expect(response == ExpectedResponse.text("text"))
    }

    @Test(arguments: Configuration.all)
    func `The server's own error response does not have them`(configuration: Configuration) throws {
        let responses = try configuration.serve(
            handler: { exchange in
                try exchange.addResponseField("A", "b")
                while try await exchange.nextBodyPart() != nil {}
            },
            { fixture in
                let bad = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx"
                return [try await fixture.exchange(Self.get), try await fixture.exchange(bad)]
            }
        )
        #expect(responses[0] == ExpectedResponse.last("internal server error\n", "500 Internal Server Error"))
        #expect(responses[1].hasPrefix("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length"))
    }
}
