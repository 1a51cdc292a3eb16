// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `Fields` {
    private func outcome(of fields: String) -> Outcome {
        receiveRequests("GET / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
    }

    @Test(arguments: [
        ("A: b\r\n", "A", "b"), ("A:b\r\n", "A", "b"), ("A: \t b \t \r\n", "A", "b"), ("A:\r\n", "A", ""),
        ("A: \t\r\n", "A", ""), ("A: b c\td\r\n", "A", "b c\td"), ("A: \"b\", c\r\n", "A", "\"b\", c"),
        ("A::b:\r\n", "A", ":b:"), ("!#$%&'*+-.^_`|~09azAZ: b\r\n", "!#$%&'*+-.^_`|~09azAZ", "b"),
        ("A: grün\r\n", "A", "grün"), ("A: 12345678\t12345678\tx\r\n", "A", "12345678\t12345678\tx"),
    ])
    func `A name, a colon, and a value without the blanks around it`(line: String, name: String, value: String) {
        let outcome = outcome(of: line)
        #expect(outcome.error == nil)
        #expect(outcome.messages.first?.fields.last == Message.Field(name, value))
    }

    @Test func `They keep the order in which they were sent, even with equal names`() {
        let outcome = outcome(of: "B: 1\r\nA: 2\r\nb: 3\r\nB: 4\r\n")
        #expect(outcome.messages.first?.fields.map(\.description) == ["Host: x", "B: 1", "A: 2", "b: 3", "B: 4"])
    }

    @Test func `The first field with a name is found, ignoring case`() throws {
        let text = "GET / HTTP/1.1\r\nHost: x\r\nx-a: 1\r\nX-A: 2\r\nX-AB: 3\r\n\r\n"
        let bytes = Array(text.utf8)
        let head = try parseRequest(text)
        #expect(head.fields.first("x-a", in: bytes.span.bytes).map { bytes.text($0) } == "1")
        #expect(head.fields.first("host", in: bytes.span.bytes).map { bytes.text($0) } == "x")
        #expect(head.fields.first("x-ab", in: bytes.span.bytes).map { bytes.text($0) } == "3")
        #expect(head.fields.first("x-", in: bytes.span.bytes) == nil)
    }

    @Test func `A head may have no fields`() throws {
        let text = "GET / HTTP/1.0\r\n\r\n"
        let head = try parseRequest(text)
        var cursor = head.fields.makeCursor()
        #expect(cursor.next(in: Array(text.utf8).span.bytes) == nil)
    }

    @Test(arguments: [
        ("A : b\r\n", HTTPError.spaceBeforeColon), ("A\t: b\r\n", .spaceBeforeColon), ("A b: c\r\n", .spaceBeforeColon),
        (": b\r\n", .malformedFieldName), ("A\r\n", .malformedFieldName), ("A(: b\r\n", .malformedFieldName),
        ("É: b\r\n", .malformedFieldName), ("A\0: b\r\n", .malformedFieldName), ("\u{1}: b\r\n", .malformedFieldName),
        (" A: b\r\n", .foldedField), ("A: b\r\n c\r\n", .foldedField), ("A: b\r\n\tc\r\n", .foldedField),
        ("A: b\r\n \r\n", .foldedField), ("A: \u{0}\r\n", .malformedFieldValue),
        ("A: b\u{1}\r\n", .malformedFieldValue),
        ("A: 1234567\u{1F}\r\n", .malformedFieldValue), ("A: \u{7F}\r\n", .malformedFieldValue),
        ("A: 12345678\u{B}\r\n", .malformedFieldValue),
    ])
    func `A malformed field is rejected, so that no peer reads it differently`(line: String, error: HTTPError) {
        #expect(outcome(of: line).error == error)
    }

    @Test(arguments: [
        "A: b\n", "A: b\rC: d\r\n", "A: b\r\r\n", "A: b\n\r\n", "A: b\r \n", "\n", "\r", "A\n", "A: b\r\n\n",
        "A: b\r\n\rC: d",
    ])
    func `A line ends with CR LF, and with nothing less`(line: String) {
        let error = outcome(of: line).error
        #expect(error == .malformedLineEnd || error == .malformedFieldName)
    }

    @Test func `A request line must end with CR LF, too`() {
        #expect(receiveRequests("GET / HTTP/1.1\nHost: x\n\n").error == .malformedLineEnd)
        #expect(receiveRequests("GET /\nHost: x\n\n").error == .malformedLineEnd)
        #expect(receiveRequests("GET\n").error == .malformedLineEnd)
        #expect(receiveRequests("GET / HTTP/1.1\r\r\nHost: x\r\n\r\n").error == .malformedLineEnd)
    }
}
