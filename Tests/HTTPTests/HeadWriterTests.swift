// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `Writing heads and chunks` {
    /// What `write` writes into a buffer of a size.
    private func written(_ size: Int = 1024, _ write: (inout HeadWriter) -> Void) throws -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
        defer { buffer.deallocate() }
        var writer = HeadWriter(buffer)
        write(&writer)
        return String(decoding: try UnsafeRawBufferPointer(rebasing: buffer[..<writer.finish()]), as: UTF8.self)
    }

    private static func writeResponse(_ writer: inout HeadWriter) {
        writer.statusLine(.ok)
        writer.date(HTTPDate(seconds: 784_111_777))
        writer.field("Content-Type", "text/plain")
        writer.framing(.length(13))
        writer.connection(keepsAlive: false, version: .http11)
        writer.end()
    }

    private static let response = """
        HTTP/1.1 200 OK\r
        Date: Sun, 06 Nov 1994 08:49:37 GMT\r
        Content-Type: text/plain\r
        Content-Length: 13\r
        Connection: close\r
        \r

        """

    @Test func `The head of a response`() throws {
        #expect(try written(1024, Self.writeResponse) == Self.response)
    }

    @Test func `The head of a request`() throws {
        let text = try written { writer in
            writer.requestLine(.post, "/a?b")
            writer.field("Host", "[::1]:8080")
            writer.framing(.chunked)
            writer.end()
        }
        #expect(text == "POST /a?b HTTP/1.1\r\nHost: [::1]:8080\r\nTransfer-Encoding: chunked\r\n\r\n")
    }

    @Test(arguments: [
        (HTTPStatus.noContent, "HTTP/1.1 204 No Content\r\n"), (HTTPStatus(rawValue: 299), "HTTP/1.1 299 \r\n"),
        (.headerFieldsTooLarge, "HTTP/1.1 431 Request Header Fields Too Large\r\n"),
    ])
    func `A status has a phrase, or none`(status: HTTPStatus, line: String) throws {
        #expect(try written { $0.statusLine(status) } == line)
    }

    @Test(arguments: [
        (BodyFraming.none, ""), (.untilClose, ""), (.length(0), "Content-Length: 0\r\n"),
        (.length(.max), "Content-Length: 9223372036854775807\r\n"), (.chunked, "Transfer-Encoding: chunked\r\n"),
    ])
    func `A body's end is announced`(framing: BodyFraming, field: String) throws {
        #expect(try written { $0.framing(framing) } == field)
    }

    @Test(arguments: [
        (HTTPVersion.http11, true, ""), (.http11, false, "Connection: close\r\n"),
        (.http10, true, "Connection: keep-alive\r\n"), (.http10, false, "Connection: close\r\n"),
    ])
    func `A Connection field is written only if the version does not imply it`(
        version: HTTPVersion,
        keepsAlive: Bool,
        field: String
    ) throws {
        #expect(try written { $0.connection(keepsAlive: keepsAlive, version: version) } == field)
        let head = try parseResponse("HTTP/1.1 204 No Content\r\n\(field)\r\n")
        #expect(head.keepsAlive == keepsAlive)
    }

    @Test func `Chunks`() throws {
        let text = try written { writer in
            "hello".withContiguousBytes { writer.chunk($0) }
            "".withContiguousBytes { writer.chunk($0) }
            String(repeating: "x", count: 31).withContiguousBytes { writer.chunk($0) }
            writer.chunkHead(2_748)
            writer.chunkEnd()
            writer.lastChunk()
            writer.field("A", "b")
            writer.end()
        }
        #expect(text == "5\r\nhello\r\n1f\r\n\(String(repeating: "x", count: 31))\r\nabc\r\n\r\n0\r\nA: b\r\n\r\n")
    }

    @Test func `A part that does not fit is not written, nor is the rest`() throws {
        let size = Self.response.utf8.count
        #expect(try written(size, Self.writeResponse) == Self.response)
        for size in 0..<size {
            #expect(throws: WriteError.noRoom) { try written(size, Self.writeResponse) }
        }
    }

    @Test func `The first error is reported`() {
        #expect(throws: WriteError.noRoom) {
            try written(1) { writer in
                writer.statusLine(.ok)
                writer.field("A b", "c")
            }
        }
    }

    @Test(arguments: [
        ("A", "b\r\nC: d"), ("A", "b\nC: d"), ("A", "b\rC"), ("A", "\0"), ("A", "\u{7F}"), ("A: b\r\nC", "d"),
        ("A b", "c"), ("", "b"),
        ("É", "b"), ("A:", "b"),
    ])
    func `A field that would be parsed differently is not written`(name: String, value: String) {
        #expect(throws: WriteError.malformed) { try written { $0.field(name, value) } }
    }

    @Test(arguments: ["", "/ HTTP/1.1\r\nA: b", "/a b", "/\n", "/é", "/#"])
    func `A target that would be parsed differently is not written`(target: String) {
        #expect(throws: WriteError.malformed) { try written { $0.requestLine(.get, target) } }
    }

    @Test func `A method without a name, or a status without three digits, is not written`() {
        #expect(throws: WriteError.malformed) { try written { $0.requestLine(.other, "/") } }
        #expect(throws: WriteError.malformed) { try written { $0.statusLine(HTTPStatus(rawValue: 99)) } }
        #expect(throws: WriteError.malformed) { try written { $0.statusLine(HTTPStatus(rawValue: 1000)) } }
    }

    @Test func `A negative length is not written`() {
        #expect(throws: WriteError.malformed) { try written { $0.framing(.length(-1)) } }
    }

    @Test func `Values may be long, empty, or not ASCII`() throws {
        let value = String(repeating: "ü", count: 200)
        #expect(try written { $0.field("A", value) } == "A: \(value)\r\n")
        #expect(try written { $0.field("A", "") } == "A: \r\n")
        #expect(try written { $0.field("A", "a\tb c") } == "A: a\tb c\r\n")
    }

    @Test func `What is written can be parsed`() throws {
        let response = receiveResponses(
            try written { writer in
                writer.statusLine(.notFound)
                writer.field("A", "b")
                writer.framing(.chunked)
                writer.end()
                "hello".withContiguousBytes { writer.chunk($0) }
                writer.lastChunk()
                writer.field("C", "d")
                writer.end()
            },
            to: .get
        )
        #expect(response.error == nil)
        let message = try #require(response.messages.first)
        #expect(message.firstLine == ["1.1", "404"])
        #expect(message.values("a") == ["b"])
        #expect(message.text == "hello")
        #expect(message.trailers == [Message.Field("C", "d")])
    }
}

extension String {
    /// Calls `body` with the text's UTF-8.
    fileprivate func withContiguousBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        Array(utf8).withUnsafeBytes(body)
    }
}
