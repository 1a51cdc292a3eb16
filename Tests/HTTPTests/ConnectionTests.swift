// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `Connection persistence` {
    @Test(arguments: [
        ("1.1", "", true), ("1.0", "", false), ("1.1", "Connection: close\r\n", false),
        ("1.1", "Connection: keep-alive\r\n", true), ("1.0", "Connection: keep-alive\r\n", true),
        ("1.0", "connection: Keep-Alive\r\n", true), ("1.0", "Connection: close\r\n", false),
        ("1.1", "Connection: close, keep-alive\r\n", false), ("1.0", "Connection: keep-alive , CLOSE\r\n", false),
        ("1.1", "Connection: x, close ,y\r\n", false), ("1.1", "Connection: ,close,\r\n", false),
        ("1.1", "Connection: x\r\nConnection: close\r\n", false), ("1.1", "Connection: closed, x-close\r\n", true),
        ("1.1", "Connection: x close\r\n", true), ("1.1", "Connection:\r\n", true), ("1.1", "Keep-Alive: x\r\n", true),
        ("1.0", "Proxy-Connection: keep-alive\r\n", false), ("1.1", "Connection: upgrade\r\nUpgrade: h2c\r\n", true),
        ("1.2", "", true),
    ])
    func `The version decides, unless a Connection field overrides it`(
        version: String,
        fields: String,
        keepsAlive: Bool
    ) throws {
        #expect(try parseRequest("GET / HTTP/\(version)\r\nHost: x\r\n\(fields)\r\n").keepsAlive == keepsAlive)
        let response = try parseResponse("HTTP/\(version) 200 OK\r\nContent-Length: 0\r\n\(fields)\r\n")
        #expect(response.keepsAlive == keepsAlive)
    }

    @Test func `A response without a length ends with its connection`() throws {
        #expect(try parseResponse("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n").keepsAlive == false)
    }

    @Test(arguments: [
        ("1.1", "Expect: 100-continue\r\n", true), ("1.1", "expect: 100-Continue\r\n", true),
        ("1.0", "Expect: 100-continue\r\n", false), ("1.1", "Expect: 200-ok\r\n", false), ("1.1", "", false),
        ("1.1", "Expect: x\r\nExpect: 100-continue\r\n", true),
    ])
    func `An HTTP/1.1 client may wait for '100 Continue'`(version: String, fields: String, expects: Bool) throws {
        #expect(try parseRequest("POST / HTTP/\(version)\r\nHost: x\r\n\(fields)\r\n").expectsContinue == expects)
    }

    @Test func `Each request is parsed independently`() {
        let first =
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na"
        var parser = RequestParser()
        let head = try? parser.parse(Array(first.utf8).span.bytes)
        let other = try? parser.parse(Array("GET /b HTTP/1.0\r\n\r\n".utf8).span.bytes)
        #expect(head?.keepsAlive == true && head?.expectsContinue == true && head?.framing == .length(1))
        #expect(other?.keepsAlive == false && other?.expectsContinue == false && other?.framing == BodyFraming.none)
        #expect(other?.host == nil)
    }

    @Test func `Nothing is parsed after a request that ends the connection`() {
        let outcome = receiveRequests("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n\0\0\0")
        #expect(outcome.error == nil)
        #expect(outcome.isClosed)
        #expect(outcome.messages.count == 1)
    }
}
