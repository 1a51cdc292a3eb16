// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `Limits` {
    private func letters(_ count: Int) -> String { String(repeating: "a", count: count) }

    @Test func `A request line may be as long as the limit, including its line end`() {
        let limits = HTTPLimits(requestLine: 40)
        let fitting = "GET /\(letters(24)) HTTP/1.1\r\n"
        #expect(fitting.utf8.count == 40)
        #expect(receiveRequests(fitting + "Host: x\r\n\r\n", limits: limits).error == nil)
        #expect(receiveRequests("\r\n" + fitting + "Host: x\r\n\r\n", limits: limits).error == nil)
        let longer = "GET /\(letters(25)) HTTP/1.1\r\n"
        #expect(receiveRequests(longer + "Host: x\r\n\r\n", limits: limits).error == .requestLineTooLong)
        #expect(receiveRequests("GET /\(letters(100))", limits: limits).error == .requestLineTooLong)
    }

    @Test func `A head may be as long as the limit`() {
        let limits = HTTPLimits(head: 60)
        let start = "GET / HTTP/1.1\r\nHost: x\r\nA: "
        let fitting = start + letters(60 - start.utf8.count - 4) + "\r\n\r\n"
        #expect(fitting.utf8.count == 60)
        #expect(receiveRequests(fitting, limits: limits).error == nil)
        let longer = start + letters(60 - start.utf8.count - 3) + "\r\n\r\n"
        #expect(receiveRequests(longer, limits: limits).error == .headTooLong)
        #expect(receiveRequests(start + letters(1000), limits: limits).error == .headTooLong)
        #expect(
            receiveResponses("HTTP/1.1 200 \(letters(100))\r\n\r\n", to: .get, limits: limits).error == .headTooLong
        )
        #expect(
            receiveResponses("HTTP/1.1 200 OK\r\nA: \(letters(100))", to: .get, limits: limits).error == .headTooLong
        )
    }

    @Test func `A head may have as many fields as the limit`() {
        let limits = HTTPLimits(fields: 3)
        let start = "GET / HTTP/1.1\r\nHost: x\r\n"
        #expect(receiveRequests(start + "A: b\r\nA: b\r\n\r\n", limits: limits).error == nil)
        #expect(receiveRequests(start + "A: b\r\nA: b\r\nA: b\r\n\r\n", limits: limits).error == .tooManyFields)
        let response = "HTTP/1.1 204 x\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\n\r\n"
        #expect(receiveResponses(response, to: .get, limits: limits).error == .tooManyFields)
    }

    @Test func `A body may be as long as the limit`() {
        let limits = HTTPLimits(body: 5)
        func post(_ length: Int) -> String { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n" }
        #expect(receiveRequests(post(5) + "hello", limits: limits).messages.first?.text == "hello")
        #expect(receiveRequests(post(6) + "hello!", limits: limits).error == .bodyTooLong)
    }

    @Test func `A method may have 32 characters`() throws {
        #expect(try parseRequest("\(letters(32)) / HTTP/1.1\r\nHost: x\r\n\r\n").method == .other)
        #expect(receiveRequests("\(letters(33)) / HTTP/1.1\r\nHost: x\r\n\r\n").error == .methodTooLong)
        #expect(receiveRequests(letters(100)).error == .methodTooLong)
    }

    @Test func `No line may exceed the limit of a head, so a buffer for a head is never too small`() {
        let limits = HTTPLimits(head: 60)
        let line = "\r\nGET /\(letters(100))"
        #expect(line.utf8.count > 60)
        #expect(receiveRequests(String(line.prefix(50)), limits: limits).error == .truncated)
        #expect(receiveRequests([Array(line.utf8.prefix(60))], limits: limits).error == .requestLineTooLong)
        let head = "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunks = "1\r\na\r\n1;\(letters(57))"
        #expect(receiveRequests(head + chunks, limits: limits).error == .truncated)
        #expect(receiveRequests(head + chunks + "a", limits: limits).error == .chunkExtensionsTooLong)
    }

    @Test func `Limits apply to each message separately`() {
        let limits = HTTPLimits(requestLine: 20, head: 30, fields: 1, body: 1, chunkExtensions: 2)
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        let outcome = receiveRequests(String(repeating: request, count: 5), limits: limits)
        #expect(outcome.error == nil)
        #expect(outcome.messages.count == 5)
    }

    @Test func `Limits beyond any message do not overflow`() {
        let limits = HTTPLimits(requestLine: .max, head: .max, fields: .max, body: .max, chunkExtensions: .max)
        let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        let outcome = receiveRequests(head + "1;a\r\nb\r\n0;c\r\nD: e\r\n\r\n" + head, limits: limits)
        #expect(outcome.messages.first?.text == "b")
        #expect(outcome.error == .truncated)
    }
}
