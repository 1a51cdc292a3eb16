// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

/// Messages and errors do not depend on how the bytes are split.
@Suite struct `Bytes in pieces` {
    /// Pipelined requests with every framing of a body.
    static let requests = """
        GET / HTTP/1.1\r
        Host: localhost:8080\r
        \r
        \r
        POST /a?b HTTP/1.1\r
        Host: x\r
        Content-Length: 5\r
        Expect: 100-continue\r
        \r
        helloPUT http://x/c HTTP/1.1\r
        Transfer-Encoding: chunked\r
        Host:\r
        \r
        5;a=b\r
        again\r
        0000c\r
         and again\r\n\r
        0\r
        Trailer: 1\r
        Other:\t2 \r
        \r
        FOO / HTTP/1.0\r
        \r

        """

    /// Requests that are rejected, each for another reason.
    static let refused = [
        "G T / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/3.0\r\n\r\n", "GET / HTTX/1.1\r\n\r\n",
        "GET a HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n",
        "GET / HTTP/1.1\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: \u{1}\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello \r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX : y\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;\u{1}\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n", "\r\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;a\u{1}",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\u{1}",
        "GET / HTTP/1.1\r\nA: b\u{1}",
        "GET /\(String(repeating: "a", count: 300)) HTTP/1.1\r\nHost: x\r\n\r\n",
        "\(String(repeating: "A", count: 40)) /",
        "GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 600))\u{1}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 400))\u{1}\(String(repeating: "a", count: 200))",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;\(String(repeating: "a", count: 90))\r\nx\r\n0\r\n\r\n",
    ]

    static let limits = HTTPLimits(requestLine: 200, head: 500, body: 1000, chunkExtensions: 50)

    /// All splits into two pieces, and one byte at a time.
    static func cuts(of bytes: [UInt8]) -> [[[UInt8]]] {
        (0...bytes.count).map { [Array(bytes[..<$0]), Array(bytes[$0...])] } + [bytes.map { [$0] }]
    }

    @Test func `Requests split anywhere are the same requests`() {
        let bytes = Array(Self.requests.utf8)
        let whole = receiveRequests([bytes])
        #expect(whole.error == nil)
        #expect(whole.isClosed)
        #expect(whole.messages.map(\.text) == ["", "hello", "again and again\r\n", ""])
        #expect(whole.messages[2].trailers.map(\.description) == ["Trailer: 1", "Other: 2"])
        for pieces in Self.cuts(of: bytes) { #expect(receiveRequests(pieces) == whole) }
    }

    @Test(arguments: refused)
    func `Requests split anywhere are rejected for the same reason`(request: String) {
        let bytes = Array(request.utf8)
        let whole = receiveRequests([bytes], limits: Self.limits)
        #expect(whole.error != nil && whole.error != .truncated)
        for pieces in Self.cuts(of: bytes) { #expect(receiveRequests(pieces, limits: Self.limits) == whole) }
    }

    @Test func `Responses split anywhere are the same responses`() {
        let text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
            + "HTTP/1.1 404\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\n\r\n"
            + "HTTP/1.1 200 ü\r\nContent-Length: 5\r\n\r\nHTTP/1.0 500 \r\n\r\nuntil the end\r\n"
        let methods: [HTTPMethod] = [.get, .post, .head, .get]
        let whole = receiveResponses([Array(text.utf8)], to: methods)
        #expect(whole.error == nil)
        #expect(whole.messages.map(\.text) == ["", "hello", "a", "", "until the end\r\n"])
        for pieces in Self.cuts(of: Array(text.utf8)) { #expect(receiveResponses(pieces, to: methods) == whole) }
    }

    @Test(arguments: [
        "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/3.1 200 OK\r\n\r\n", "HTTP/1.1 200 \u{1}", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\u{1}", "HTTP/1.1 200 OK\n", "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: \(String(repeating: "a", count: 600))\r\n\r\n",
    ])
    func `Responses split anywhere are rejected for the same reason`(response: String) {
        let bytes = Array(response.utf8)
        let whole = receiveResponses([bytes], to: [.get], limits: Self.limits)
        #expect(whole.error != nil && whole.error != .truncated)
        for pieces in Self.cuts(of: bytes) {
            #expect(receiveResponses(pieces, to: [.get], limits: Self.limits) == whole)
        }
    }

    @Test func `A connection that ends in mid-message truncates it`() {
        let bytes = Array(Self.requests.utf8)
        let whole = receiveRequests([bytes])
        for end in bytes.indices {
            let outcome = receiveRequests([Array(bytes[..<end])])
            // The empty line before the second request belongs to no request.
            let isBetween = whole.starts.contains(end) || end == whole.starts[1] + 2
            #expect(outcome.error == (isBetween ? nil : .truncated), "after \(end) bytes")
            #expect(outcome.messages.dropLast() == whole.messages.prefix(max(outcome.messages.count - 1, 0)))
        }
    }

    @Test func `A response without a length is never truncated`() {
        #expect(receiveResponses("HTTP/1.1 200 OK\r\n\r\n", to: .get).error == nil)
        #expect(receiveResponses("HTTP/1.1 200 OK\r\n\r", to: .get).error == .truncated)
        #expect(receiveResponses("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", to: .get).error == .truncated)
        #expect(receiveResponses("HTTP/1.1 100 Continue\r\n\r\n", to: .get).error == nil)
        #expect(receiveResponses("", to: .get).error == nil)
    }

    @Test func `Data is returned as it arrives`() throws {
        var decoder = BodyDecoder(.chunked)
        #expect(try decoder.next(Array("5\r\nhe".utf8).span.bytes) == .data(3..<5))
        #expect(try decoder.next(Array("llo\r\n".utf8).span.bytes) == .data(0..<3))
        #expect(try decoder.next(Array("\r\n3".utf8).span.bytes) == .needsMore(dropping: 2))
        #expect(try decoder.next(Array("3\r\n".utf8).span.bytes) == .needsMore(dropping: 3))
        #expect(try decoder.next(Array("ab".utf8).span.bytes) == .data(0..<2))
        #expect(try decoder.next(Array("c\r\n0\r\n\r\nGET".utf8).span.bytes) == .data(0..<1))
        let part = try decoder.next(Array("\r\n0\r\n\r\nGET".utf8).span.bytes)
        #expect(part.length == 7)
        #expect(try decoder.next(Array("GET".utf8).span.bytes).length == 0)
    }
}
