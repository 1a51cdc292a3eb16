// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `Chunks` {
    private func outcome(of body: String, limits: HTTPLimits = HTTPLimits()) -> Outcome {
        receiveRequests("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(body)", limits: limits)
    }

    @Test(arguments: [
        ("0\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"), ("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello"),
        ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"), ("A\r\n0123456789\r\n000\r\n\r\n", "0123456789"),
        ("0000000000000005\r\nhello\r\n0\r\n\r\n", "hello"), ("4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"),
        ("1f\r\n\(String(repeating: "x", count: 31))\r\n0\r\n\r\n", String(repeating: "x", count: 31)),
    ])
    func `Their sizes are hexadecimal, and the last one is empty`(body: String, text: String) {
        let outcome = outcome(of: body)
        #expect(outcome.error == nil)
        #expect(outcome.messages.first?.isComplete == true)
        #expect(outcome.messages.first?.text == text)
    }

    @Test(arguments: [
        "", "\r\n", "g", "-1", "+1", "0x1", " 1", "1 ", "1\t", "1 ;a", ";a", "1,2", "1.0", "00000000000000001",
        "fffffffffffffffff", "٥",
    ])
    func `A size that is not a hexadecimal number of at most 16 digits is rejected`(size: String) {
        #expect(outcome(of: "\(size)\r\na\r\n0\r\n\r\n").error == .malformedChunkSize)
    }

    @Test(arguments: ["ffffffffffffffff", "8000000000000000", "7fffffffffffffff", "100001"])
    func `A size beyond the limit is rejected, even one that would overflow`(size: String) {
        #expect(outcome(of: "\(size)\r\na\r\n0\r\n\r\n").error == .bodyTooLong)
    }

    @Test func `The limit applies to the sum of all chunks`() {
        let limits = HTTPLimits(body: 5)
        #expect(outcome(of: "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", limits: limits).messages.first?.text == "abcde")
        #expect(outcome(of: "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", limits: limits).error == .bodyTooLong)
    }

    @Test(arguments: [
        ("3\r\nabcd\r\n0\r\n\r\n", HTTPError.malformedChunkEnd), ("3\r\nabc0\r\n\r\n", .malformedChunkEnd),
        ("3\r\nabc\n0\r\n\r\n", .malformedLineEnd), ("3\r\nabc\r0\r\n\r\n", .malformedLineEnd),
        ("3\nabc\r\n0\r\n\r\n", .malformedLineEnd), ("3\rabc\r\n0\r\n\r\n", .malformedLineEnd),
        ("0\n\r\n", .malformedLineEnd), ("0\r\n\n", .malformedLineEnd), ("\n", .malformedLineEnd),
    ])
    func `A chunk ends where its size says, with CR LF`(body: String, error: HTTPError) {
        #expect(outcome(of: body).error == error)
    }

    @Test(arguments: [";a", ";a=b", ";a=\"b;c\"", ";a=b;c=d", "; a = b", ";a=;b", ";a=\"\\\";\"", ";a é\t"])
    func `Extensions are skipped`(text: String) {
        let outcome = outcome(of: "3\(text)\r\nabc\r\n0\(text)\r\n\r\n")
        #expect(outcome.error == nil)
        #expect(outcome.messages.first?.text == "abc")
    }

    @Test(arguments: [
        ";", "; ", ";\t", ";;a", ";a;", ";a; ", ";=b", ";;=", ";é", ";a=\"b\";", ";\"a\"", ";a=\"\\\"\";",
    ])
    func `An extension without a name is rejected`(text: String) {
        #expect(outcome(of: "2\(text)\r\nab\r\n0\r\n\r\n").error == .malformedChunkExtension)
        #expect(outcome(of: "2\r\nab\r\n0\(text)\r\n\r\n").error == .malformedChunkExtension)
    }

    @Test func `Extensions must be text`() {
        #expect(outcome(of: "3;a\u{1}\r\nabc\r\n0\r\n\r\n").error == .malformedChunkSize)
        #expect(outcome(of: "3;a\nabc\r\n0\r\n\r\n").error == .malformedLineEnd)
        #expect(outcome(of: "3;a=\"\r\nabc\r\n0;\"\r\n\r\n").messages.first?.text == "abc")
    }

    @Test func `The limit applies to the sum of all extensions`() {
        let limits = HTTPLimits(chunkExtensions: 6)
        #expect(outcome(of: "1;ab\r\na\r\n0;ab\r\n\r\n", limits: limits).error == nil)
        #expect(outcome(of: "1;ab\r\na\r\n0;abc\r\n\r\n", limits: limits).error == .chunkExtensionsTooLong)
        #expect(outcome(of: "1;abcdef", limits: limits).error == .truncated)
        #expect(outcome(of: "1;" + String(repeating: "a", count: 30), limits: limits).error == .chunkExtensionsTooLong)
    }

    @Test func `Trailers are kept, and do not affect the message`() {
        let outcome = outcome(of: "1\r\na\r\n0\r\nX: 1\r\nContent-Length: 7\r\nConnection: close\r\nHost: y\r\n\r\n")
        #expect(outcome.error == nil)
        #expect(!outcome.isClosed)
        #expect(
            outcome.messages.first?.trailers.map(\.description) == [
                "X: 1", "Content-Length: 7", "Connection: close", "Host: y",
            ]
        )
        #expect(outcome.messages.first?.fields.count == 2)
    }

    @Test(arguments: [
        ("X : 1\r\n", HTTPError.spaceBeforeColon), (" X: 1\r\n", .foldedField), ("X: 1\n", .malformedLineEnd),
        ("X\r\n", .malformedFieldName), ("X: \0\r\n", .malformedFieldValue),
    ])
    func `Trailers are parsed as strictly as fields of the head`(line: String, error: HTTPError) {
        #expect(outcome(of: "0\r\n\(line)\r\n").error == error)
    }

    @Test func `The limits of a head apply to trailers`() {
        let line = "X: 1\r\n"
        let room = 64
        let limits = HTTPLimits(head: 2 * room, fields: 8)
        #expect(outcome(of: "0\r\n" + String(repeating: line, count: 8) + "\r\n", limits: limits).error == nil)
        #expect(
            outcome(of: "0\r\n" + String(repeating: line, count: 9) + "\r\n", limits: limits).error == .tooManyFields
        )
        let long = "X: " + String(repeating: "a", count: 2 * room)
        #expect(outcome(of: "0\r\n\(long)\r\n\r\n", limits: limits).error == .trailersTooLong)
    }
}
