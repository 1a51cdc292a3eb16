// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HTTP

@Suite struct `The host of a request` {
    @Test(arguments: [
        "x", "localhost:8080", "example.com", "127.0.0.1:80", "[::1]", "[::1]:80", "[::ffff:1.2.3.4]:80",
        "a-b_c~d!$&'()*+,;=",
        "%41", "x:", "",
    ])
    func `It is a name or an address, with or without a port, or empty`(host: String) throws {
        let text = "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n"
        let head = try parseRequest(text)
        #expect(head.host.map { Array(text.utf8).text($0) } == host)
    }

    @Test(arguments: [
        "a b", "a/b", "u@x", ":80", "x:y", "x:80:80", "x:8o", "[::1", "[]", "[]:80", "[x]", "[v1.a]", "[::1]x",
        "[::1]80", "%4", "%4g",
        "%", "é", "a\tb", "a\"b", "a?b", "a#b", "a\\b", "[fe80::1%25eth0]",
    ])
    func `Anything else is rejected`(host: String) {
        #expect(receiveRequests("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").error == .malformedHost)
        #expect(receiveRequests("GET / HTTP/1.0\r\nHost: \(host)\r\n\r\n").error == .malformedHost)
    }

    @Test func `HTTP/1.1 requires a host, and HTTP/1.0 does not`() throws {
        #expect(receiveRequests("GET / HTTP/1.1\r\nA: b\r\n\r\n").error == .missingHost)
        #expect(receiveRequests("GET http://x/ HTTP/1.1\r\n\r\n").error == .missingHost)
        #expect(try parseRequest("GET / HTTP/1.0\r\n\r\n").host == nil)
    }

    @Test(arguments: ["1.0", "1.1"])
    func `Two Host fields are rejected, even if they are equal`(version: String) {
        #expect(receiveRequests("GET / HTTP/\(version)\r\nHost: x\r\nHost: y\r\n\r\n").error == .repeatedHost)
        #expect(receiveRequests("GET / HTTP/\(version)\r\nHost: x\r\nA: b\r\nhOST: x\r\n\r\n").error == .repeatedHost)
    }

    @Test func `Bytes after the host are not read`() {
        let bytes = Array("%41:80".utf8)
        #expect(
            (0...6).map { end in Authority.isValid(bytes.span.bytes, 0..<end) } == [
                false, false, false, true, true, true, true,
            ]
        )
    }
}
