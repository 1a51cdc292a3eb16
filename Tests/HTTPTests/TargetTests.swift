// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite struct `The target of a request` {
    @Test(
        arguments: [
            ("GET", "/", RequestTarget.origin, "/", nil), ("GET", "/a?b", .origin, "/a", "b"),
            ("GET", "/a?b?c", .origin, "/a", "b?c"), ("GET", "/?", .origin, "/", ""),
            ("GET", "//x", .origin, "//x", nil),
            ("GET", "/%41|\"<>\\^`{}", .origin, "/%41|\"<>\\^`{}", nil),
            ("GET", "http://x", .absolute, "/", nil), ("GET", "http://x/", .absolute, "/", nil),
            ("GET", "HTTP://x:80/a/b?c", .absolute, "/a/b", "c"), ("GET", "https://x?c/d", .absolute, "/", "c/d"),
            ("OPTIONS", "http://x", .absolute, "", nil), ("OPTIONS", "http://x?", .absolute, "/", ""),
            ("GET", "a1+-.://[::1]:80/", .absolute, "/", nil), ("GET", "http://x:/", .absolute, "/", nil),
            ("OPTIONS", "*", .asterisk, "", nil), ("OPTIONS", "/", .origin, "/", nil),
            ("CONNECT", "x:443", .authority, "", nil), ("CONNECT", "[::1]:443", .authority, "", nil),
        ] as [(String, String, RequestTarget, String, String?)]
    )
    func `It has one of four forms, a path and a query`(
        method: String,
        target: String,
        form: RequestTarget,
        path: String,
        query: String?
    ) throws {
        let text = "\(method) \(target) HTTP/1.1\r\nHost: x\r\n\r\n"
        let head = try parseRequest(text)
        let bytes = Array(text.utf8)
        #expect(head.form == form)
        #expect(bytes.text(head.target) == target)
        #expect(bytes.text(head.path(in: bytes.span.bytes)) == path)
        #expect(head.query(in: bytes.span.bytes).map { bytes.text($0) } == query)
    }

    @Test(arguments: [
        ("GET", "*"), ("GET", "x:80"), ("GET", "a"), ("GET", "?a"), ("GET", "http:/x"), ("GET", "http:///a"),
        ("GET", "http://"), ("GET", "http://u@x/"), ("GET", "http://x:y/"), ("GET", "://x/"), ("GET", "1a://x/"),
        ("GET", "http://[::1/"), ("GET", "http://x%4/"), ("GET", "/a#b"), ("GET", "/é"), ("GET", "/\u{7F}"),
        ("GET", "/\u{1}"), ("OPTIONS", "**"), ("CONNECT", "/"), ("CONNECT", "x"), ("CONNECT", "x:"), ("CONNECT", ":80"),
        ("CONNECT", "http://x:80/"), ("CONNECT", "x:80/"), ("CONNECT", "u@x:80"),
    ])
    func `Anything else is rejected`(method: String, target: String) {
        #expect(receiveRequests("\(method) \(target) HTTP/1.1\r\nHost: x\r\n\r\n").error == .malformedTarget)
    }
}
