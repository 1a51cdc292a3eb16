// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// Requests that are rejected: the server responds once, and ignores the rest of the connection.
@Suite struct `Rejected requests` {
    /// A request, and the error and status it is rejected with.
    struct Case: Sendable, CustomTestStringConvertible {
        var error: HTTPError
        var request: String
        var testDescription: String { "\(error)" }
    }

    private static let host = "GET / HTTP/1.1\r\nHost: a\r\n"
    private static let post = "POST / HTTP/1.1\r\nHost: a\r\n"

    static let cases = [
        Case(error: .malformedMethod, request: " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(error: .malformedTarget, request: "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(error: .malformedVersion, request: "GET / HTTP/1\r\nHost: a\r\n\r\n"),
        Case(error: .missingHost, request: "GET / HTTP/1.1\r\n\r\n"),
        Case(error: .repeatedHost, request: "\(host)Host: a\r\n\r\n"),
        Case(error: .malformedContentLength, request: "\(post)Content-Length: -1\r\n\r\n"),
        Case(error: .bodyTooLong, request: "\(post)Content-Length: 101\r\n\r\n"),
        Case(error: .bodyTooLong, request: "\(post)Transfer-Encoding: chunked\r\n\r\n65\r\n"),
        Case(error: .requestLineTooLong, request: "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\n"),
        Case(error: .headTooLong, request: "\(host)A: \(String(repeating: "a", count: 17_000))\r\n\r\n"),
        Case(error: .tooManyFields, request: host + String(repeating: "A: b\r\n", count: 101)),
        Case(error: .methodTooLong, request: "\(String(repeating: "M", count: 100)) / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(error: .unsupportedTransferEncoding, request: "\(post)Transfer-Encoding: gzip, chunked\r\n\r\n"),
        Case(error: .unsupportedVersion, request: "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        Case(error: .malformedChunkSize, request: "\(post)Transfer-Encoding: chunked\r\n\r\nx\r\n"),
        // What other servers may read as two requests, or as another request.
        Case(error: .repeatedContentLength, request: "\(post)Content-Length: 0\r\nContent-Length: 40\r\n\r\n"),
        Case(
            error: .contentLengthWithTransferEncoding,
            request: "\(post)Content-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        Case(error: .malformedTransferEncoding, request: "\(post)Transfer-Encoding: chunked, chunked\r\n\r\n"),
        Case(
            error: .transferEncodingInHTTP10,
            request: "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        Case(error: .malformedLineEnd, request: "GET / HTTP/1.1\r\nHost: a\n\n"),
        Case(error: .foldedField, request: "\(host)A: b\r\n c\r\n\r\n"),
        Case(error: .spaceBeforeColon, request: "\(post)Content-Length : 40\r\n\r\n"),
        Case(error: .malformedFieldName, request: "\(host)A\r\n\r\n"),
        Case(error: .malformedFieldValue, request: "\(host)A: b\u{0}c\r\n\r\n"),
    ]

    @Test(arguments: Configuration.all)
    func `Each gets its status, and nothing after it gets a response`(configuration: Configuration) throws {
        let next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"
        let first = ExpectedResponse.text("GET /first")
        let responses = try configuration.serve(
            .with { $0.bodyLimit = 100 },
            handler: { exchange in
                while try await exchange.nextBodyPart() != nil {}
                try await exchange.respond(.ok, "\(exchange.method) \(exchange.path)")
            },
            { fixture in
                var responses: [String] = []
                for rejected in Self.cases {
                    let text = "GET /first HTTP/1.1\r\nHost: a\r\n\r\n\(rejected.request)\(next)"
                    responses.append(try await fixture.exchange(text, halfCloses: false))
                }
                return responses
            }
        )
        for (rejected, response) in zip(Self.cases, responses) {
            #expect(
                response == first + ExpectedResponse.last("\(rejected.error)\n", "\(rejected.error.status)"),
                "\(rejected)"
            )
        }
    }

    @Test func `They cover every status that the server rejects with`() {
        let statuses = Set(Self.cases.map(\.error.status.rawValue))
        #expect(statuses == [400, 413, 414, 431, 501, 505])
    }

    @Test(arguments: Configuration.all)
    func `A truncated request gets a response if the client still reads`(configuration: Configuration) throws {
        let texts = [
            "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfour",
        ]
        let responses = try configuration.serve(
            handler: { exchange in
                while try await exchange.nextBodyPart() != nil {}
                try await exchange.respond(.ok, "whole")
            },
            { fixture in
                var responses: [String] = []
                for text in texts { responses.append(try await fixture.exchange(text)) }
                return responses
            }
        )
        #expect(responses == texts.map { _ in ExpectedResponse.last("\(HTTPError.truncated)\n", "400 Bad Request") })
    }
}
