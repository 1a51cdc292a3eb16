// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `The first line of a request` {
    @Test func `It has a method, a target and a version`() throws {
        let text = "GET /a/b?c=d HTTP/1.1\r\nHost: x\r\n\r\n"
        let head = try parseRequest(text)
        let bytes = Array(text.utf8)
        #expect(head.method == .get)
        #expect(bytes.text(head.methodName) == "GET")
        #expect(bytes.text(head.target) == "/a/b?c=d")
        #expect(head.form == .origin)
        #expect(head.version == .http11)
        #expect(head.length == bytes.count)
    }

    @Test(arguments: HTTPMethod.allCases.filter { $0 != .other })
    func `Each method is recognized by its name`(method: HTTPMethod) throws {
        let target = method == .connect ? "x:1" : "/"
        #expect(try parseRequest("\(method.name) \(target) HTTP/1.1\r\nHost: x\r\n\r\n").method == method)
    }

    @Test(arguments: ["get", "GETT", "GE", "PROPFIND", "X-A.b_c", "M-SEARCH", "!#$%&'*+-.^_`|~09"])
    func `Any other token is accepted as a method, and case matters`(name: String) throws {
        let text = "\(name) / HTTP/1.1\r\nHost: x\r\n\r\n"
        let head = try parseRequest(text)
        #expect(head.method == .other)
        #expect(Array(text.utf8).text(head.methodName) == name)
    }

    @Test(arguments: [
        (" / HTTP/1.1", HTTPError.malformedMethod),
        ("G(T / HTTP/1.1", .malformedMethod),
        ("GÉT / HTTP/1.1", .malformedMethod),
        ("GET\t/ HTTP/1.1", .malformedMethod),
        ("GET", .malformedMethod),
        ("GET  / HTTP/1.1", .malformedTarget),
        ("GET /\tHTTP/1.1", .malformedTarget),
        ("GET /a b HTTP/1.1", .malformedVersion),
        ("GET /", .malformedVersion),
        ("GET / ", .malformedVersion),
        ("GET /  HTTP/1.1", .malformedVersion),
        ("GET / HTTP/1.1 ", .malformedVersion),
    ])
    func `Exactly one space separates its parts, and nothing else`(line: String, error: HTTPError) {
        #expect(receiveRequests("\(line)\r\nHost: x\r\n\r\n").error == error)
    }

    @Test(arguments: [
        ("HTTP/1.0", HTTPVersion.http10), ("HTTP/1.1", .http11), ("HTTP/1.2", .http11), ("HTTP/1.9", .http11),
    ])
    func `A higher minor version is read as 1.1`(text: String, version: HTTPVersion) throws {
        #expect(try parseRequest("GET / \(text)\r\nHost: x\r\n\r\n").version == version)
    }

    @Test(arguments: [
        ("HTTP/2.0", HTTPError.unsupportedVersion), ("HTTP/0.9", .unsupportedVersion),
        ("HTTP/9.1", .unsupportedVersion),
        ("http/1.1", .malformedVersion), ("HTTP/1.", .malformedVersion), ("HTTP/1.10", .malformedVersion),
        ("HTTP/11", .malformedVersion), ("HTTP/x.1", .malformedVersion), ("HTTP 1.1", .malformedVersion),
        ("HTTP/1,1", .malformedVersion), ("RTSP/1.0", .malformedVersion),
    ])
    func `No other version is accepted`(text: String, error: HTTPError) {
        #expect(receiveRequests("GET / \(text)\r\nHost: x\r\n\r\n").error == error)
    }

    @Test func `One empty line may precede it`() throws {
        let outcome = receiveRequests("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(outcome.error == nil)
        #expect(outcome.messages.map { $0.firstLine[1] } == ["/", "/a"])
    }

    @Test(arguments: [
        ("\r\n\r\n", HTTPError.malformedMethod), ("\n", .malformedLineEnd), ("\rG", .malformedLineEnd),
        (" \r\n", .malformedMethod), ("\r\n\n", .malformedLineEnd),
    ])
    func `Nothing else may precede it`(prefix: String, error: HTTPError) {
        #expect(receiveRequests("\(prefix)GET / HTTP/1.1\r\nHost: x\r\n\r\n").error == error)
    }
}
