// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `Responses` {
    @Test(arguments: [
        ("HTTP/1.1 200 OK", HTTPVersion.http11, 200, "OK"), ("HTTP/1.0 404 Not Found", .http10, 404, "Not Found"),
        ("HTTP/1.1 200 ", .http11, 200, ""), ("HTTP/1.1 200", .http11, 200, ""), ("HTTP/1.1 999 x", .http11, 999, "x"),
        ("HTTP/1.1 200  a\tb ü ", .http11, 200, " a\tb ü "), ("HTTP/1.7 100 x", .http11, 100, "x"),
    ])
    func `The first line has a version, a status and perhaps a phrase`(
        line: String,
        version: HTTPVersion,
        status: Int,
        reason: String
    ) throws {
        let text = "\(line)\r\n\r\n"
        let head = try parseResponse(text)
        #expect(head.version == version)
        #expect(Int(head.status.rawValue) == status)
        #expect(Array(text.utf8).text(head.reason) == reason)
        #expect(head.length == text.utf8.count)
    }

    @Test(arguments: [
        ("HTTP/1.1 20 x", HTTPError.malformedStatusLine), ("HTTP/1.1 2000", .malformedStatusLine),
        ("HTTP/1.1 099 x", .malformedStatusLine), ("HTTP/1.1 2OO x", .malformedStatusLine),
        ("HTTP/1.1  200 x", .malformedStatusLine), ("HTTP/1.1\t200 x", .malformedStatusLine),
        ("HTTP/1.1", .malformedStatusLine), ("HTTP/1.1 200\tx", .malformedStatusLine),
        ("HTTP/1.1 200 \u{1}", .malformedStatusLine), ("HTTP/1.1 -20 x", .malformedStatusLine),
        ("HTTP/2.0 200 x", .unsupportedVersion), ("ICY 200 OK", .malformedVersion),
        (" HTTP/1.1 200 x", .malformedVersion),
        ("\r\nHTTP/1.1 200 x", .malformedVersion), ("HTTP/1.1 200 x\n", .malformedLineEnd),
        ("HTTP/1.1 200\n", .malformedLineEnd),
    ])
    func `Any other first line is rejected`(line: String, error: HTTPError) {
        #expect(receiveResponses("\(line)\r\n\r\n", to: .get).error == error)
    }

    @Test(arguments: [
        (200, HTTPMethod.get, "", BodyFraming.untilClose), (200, .get, "Content-Length: 5\r\n", .length(5)),
        (200, .get, "Content-Length: 0\r\n", .length(0)), (404, .post, "Transfer-Encoding: chunked\r\n", .chunked),
        (200, .head, "Content-Length: 5\r\n", .none), (200, .head, "Transfer-Encoding: chunked\r\n", .none),
        (200, .head, "", .none), (200, .head, "Content-Length: 9000000000\r\n", .none),
        (100, .get, "", .none), (103, .get, "Content-Length: 5\r\n", .none), (101, .get, "", .none),
        (204, .get, "Content-Length: 5\r\n", .none), (304, .get, "Content-Length: 5\r\n", .none),
        (304, .get, "Transfer-Encoding: chunked\r\n", .none), (205, .get, "Content-Length: 5\r\n", .length(5)),
        (200, .connect, "Content-Length: 5\r\n", .none), (299, .connect, "", .none),
        (407, .connect, "Content-Length: 5\r\n", .length(5)), (200, .other, "Content-Length: 5\r\n", .length(5)),
    ])
    func `The status, the method and the fields delimit the body, in that order`(
        status: Int,
        method: HTTPMethod,
        fields: String,
        framing: BodyFraming
    ) throws {
        #expect(try parseResponse("HTTP/1.1 \(status) x\r\n\(fields)\r\n", to: method).framing == framing)
    }

    @Test(arguments: [
        ("Content-Length: 5\r\nContent-Length: 5\r\n", HTTPError.repeatedContentLength),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", .contentLengthWithTransferEncoding),
        ("Content-Length: x\r\n", .malformedContentLength), ("Content-Length: 9000000000\r\n", .bodyTooLong),
        ("Transfer-Encoding: gzip\r\n", .unsupportedTransferEncoding),
        ("Transfer-Encoding: gzip, chunked\r\n", .unsupportedTransferEncoding),
        ("Transfer-Encoding: chunked, gzip\r\n", .malformedTransferEncoding), ("A: b\r\n c\r\n", .foldedField),
        ("A : b\r\n", .spaceBeforeColon), ("A: b\n", .malformedLineEnd),
    ])
    func `Ambiguous framing is rejected`(fields: String, error: HTTPError) {
        #expect(receiveResponses("HTTP/1.1 200 OK\r\n\(fields)\r\n", to: .get).error == error)
    }

    @Test func `HTTP/1.0 has no codings`() {
        let outcome = receiveResponses("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", to: .get)
        #expect(outcome.error == .transferEncodingInHTTP10)
    }

    @Test func `Informational responses precede the final one`() {
        let text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
        let outcome = receiveResponses(text, to: .post)
        #expect(outcome.error == nil)
        #expect(outcome.messages.map { $0.firstLine[1] } == ["100", "103", "200"])
        #expect(outcome.messages.last?.text == "a")
    }

    @Test func `The fields of an informational response apply to it alone`() {
        let fields = "Content-Length: 5\r\nConnection: close\r\n"
        let outcome = receiveResponses(
            "HTTP/1.1 103 x\r\n\(fields)\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\n\r\nb",
            to: .get,
            .get
        )
        #expect(outcome.error == nil)
        #expect(outcome.messages.map(\.text) == ["", "a", "b"])
    }

    @Test func `Each belongs to its own request`() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
        let outcome = receiveResponses(text, to: .head, .get)
        #expect(outcome.error == nil)
        #expect(outcome.messages.map(\.text) == ["", "a"])
    }

    @Test func `Without a length, the body is everything that follows`() {
        let outcome = receiveResponses("HTTP/1.0 200 OK\r\n\r\nHTTP/1.0 200 OK\r\n\r\n", to: .get)
        #expect(outcome.error == nil)
        #expect(outcome.messages.map(\.text) == ["HTTP/1.0 200 OK\r\n\r\n"])
        #expect(outcome.messages.first?.isComplete == true)
    }

    @Test func `Without a length, the body is still limited`() {
        let outcome = receiveResponses("HTTP/1.0 200 OK\r\n\r\nabcdef", to: .get, limits: HTTPLimits(body: 5))
        #expect(outcome.error == .bodyTooLong)
    }
}
