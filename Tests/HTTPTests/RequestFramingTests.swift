// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `Where the body of a request ends` {
    private func post(_ fields: String, version: String = "1.1") -> String {
        "POST / HTTP/\(version)\r\nHost: x\r\n\(fields)\r\n"
    }

    @Test(arguments: [
        ("", BodyFraming.none), ("Content-Length: 0\r\n", .length(0)), ("content-length:5\r\n", .length(5)),
        ("Content-Length: 0000000000000000000000000000000005\r\n", .length(5)),
        ("Transfer-Encoding: chunked\r\n", .chunked),
        ("TRANSFER-ENCODING:\tChunkeD \r\n", .chunked), ("Content-Lengt: 5\r\nTransfer-Encodin: chunked\r\n", .none),
        ("Content-Length: 1048576\r\n", .length(1_048_576)),
    ])
    func `Its fields say whether there is no body, a length or chunks`(fields: String, framing: BodyFraming) throws {
        #expect(try parseRequest(post(fields)).framing == framing)
    }

    @Test(arguments: [
        "", " ", "+5", "-5", "5,5", "5, 5", "5 5", "0x5", "5a", "1e1", "5;", "٥", "5.0", "\"5\"", ",", "5,",
    ])
    func `A length that is not a number is rejected`(length: String) {
        #expect(receiveRequests(post("Content-Length: \(length)\r\n")).error == .malformedContentLength)
    }

    @Test(arguments: [
        "1048577", "9223372036854775807", "9223372036854775808", "18446744073709551621", "99999999999999999999",
    ])
    func `A length beyond the limit is rejected, even one that would overflow`(length: String) {
        #expect(receiveRequests(post("Content-Length: \(length)\r\n")).error == .bodyTooLong)
    }

    @Test(arguments: ["5", "6"])
    func `Two lengths are rejected, even if they are equal`(second: String) {
        let fields = "Content-Length: 5\r\nA: b\r\nContent-Length: \(second)\r\n"
        #expect(receiveRequests(post(fields)).error == .repeatedContentLength)
    }

    @Test(arguments: ["chunked", "gzip, chunked", "gzip", "", "chunked, chunked"])
    func `A length beside a coding is rejected, in either order`(coding: String) {
        let (length, coding) = ("Content-Length: 5\r\n", "Transfer-Encoding: \(coding)\r\n")
        #expect(receiveRequests(post(length + coding)).error == .contentLengthWithTransferEncoding)
        #expect(receiveRequests(post(coding + length)).error == .contentLengthWithTransferEncoding)
    }

    @Test(arguments: [
        "gzip, chunked", "gzip,chunked", "gzip, br, chunked", "identity, chunked", "gzip\r\nTransfer-Encoding: chunked",
        "chunked;a=b, chunked", "\"a\", chunked",
    ])
    func `Other codings before 'chunked' are not implemented`(coding: String) {
        #expect(receiveRequests(post("Transfer-Encoding: \(coding)\r\n")).error == .unsupportedTransferEncoding)
    }

    @Test(arguments: [
        "", "gzip", "identity", "chunked, gzip", "chunked, identity", "chunked, chunked", "gzip, chunked, chunked",
        ",chunked",
        "chunked,", "chunked, ", ", chunked", "chunked,,", "xchunked", "chunkedx", "chun ked", "chunked;a=b",
        "\"chunked\"",
        "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: gzip", "chunked\r\nTransfer-Encoding:",
        "\r\nTransfer-Encoding: chunked", "chunked gzip", "chunKed\u{212A}",
    ])
    func `A coding that does not end with a single 'chunked' is rejected`(coding: String) {
        #expect(receiveRequests(post("Transfer-Encoding: \(coding)\r\n")).error == .malformedTransferEncoding)
    }

    @Test func `HTTP/1.0 has no codings`() {
        let outcome = receiveRequests(post("Transfer-Encoding: chunked\r\n", version: "1.0"))
        #expect(outcome.error == .transferEncodingInHTTP10)
    }

    @Test func `The next request begins where the body ends`() {
        let text =
            post("Content-Length: 5\r\n") + "hello" + post("Transfer-Encoding: chunked\r\n") + "5\r\nagain\r\n0\r\n\r\n"
        let outcome = receiveRequests(text + post(""))
        #expect(outcome.error == nil)
        #expect(outcome.messages.map(\.text) == ["hello", "again", ""])
    }

    @Test(arguments: ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"])
    func `A body that looks like a request is not parsed as one`(framing: String) {
        let inner = "GET /inner HTTP/1.1\r\nHost: x\r\n\r\n"
        let size = String(inner.utf8.count, radix: 16)
        let text =
            framing.hasPrefix("C")
            ? post("Content-Length: \(inner.utf8.count)\r\n") + inner
            : post(framing) + "\(size)\r\n\(inner)\r\n0\r\n\r\n"
        let outcome = receiveRequests(text)
        #expect(outcome.error == nil)
        #expect(outcome.messages.map(\.text) == [inner])
    }
}
