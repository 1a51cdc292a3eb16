// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// Responses in all framings.
@Suite struct `Fetching pages` {
    @Test(arguments: Configuration.all)
    func `A page has a status, headers, a body and a URL`(configuration: Configuration) throws {
        let (page, url, requests) = try configuration.run(
            { _ in [.page("Grüße", status: "404 Not Found", fields: "X-A: 1\r\nSet-Cookie: a\r\nset-cookie: b\r\n")] },
            { server in (try await getPage(server.url("/a?b=c#d")), server.url("/a?b=c"), server.requests) }
        )
        #expect(page.status == 404)
        #expect(page.text == "Grüße")
        #expect(page.body == Array("Grüße".utf8))
        #expect(page.url == url)
        #expect(page.headers["x-a"] == "1" && page.headers["X-A"] == "1" && page.headers["x"] == nil)
        #expect(page.headers.values("Set-Cookie") == ["a", "b"])
        #expect(page.headers.map(\.name) == ["X-A", "Set-Cookie", "set-cookie", "Content-Length"])
        #expect(requests.map(\.line) == ["GET /a?b=c"])
        #expect(requests[0].head.hasSuffix("\r\nHost: 127.0.0.1:\(url.dropFirst(17).prefix { $0 != "/" })"))
    }

    @Test(arguments: Configuration.all)
    func `A chunked page may arrive in any pieces`(configuration: Configuration) throws {
        let text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nHello\r\n7\r\n, world\r\n0\r\nTrailer: t\r\n\r\n"
        let pages = try configuration.run(
            { request in request.target == "/whole" ? [.send(text)] : text.map { .send(String($0)) } },
            { server in [try await getPage(server.url("/whole")).text, try await getPage(server.url("/bytes")).text] }
        )
        #expect(pages == ["Hello, world", "Hello, world"])
    }

    @Test(arguments: Configuration.all)
    func `A page without a length ends with the connection`(configuration: Configuration) throws {
        let (pages, accepted) = try configuration.run(
            { _ in [.send("HTTP/1.1 200 OK\r\n\r\nto the"), .send(" end"), .close] },
            { server in
                let pages = [try await getPage(server.url()).text, try await getPage(server.url()).text]
                return (pages, server.accepted)
            }
        )
        #expect(pages == ["to the end", "to the end"])
        #expect(accepted == 2)
    }

    @Test(arguments: Configuration.all)
    func `Informational responses are skipped`(configuration: Configuration) throws {
        let text = try configuration.run(
            { _ in
                let early = "HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n"
                return [
                    .send("HTTP/1.1 100 Continue\r\n\r\n\(early)HTT"),
                    .send("P/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
                ]
            },
            { server in try await getPage(server.url()).text }
        )
        #expect(text == "ok")
    }

    @Test(arguments: Configuration.all)
    func `A response to HEAD has a length and no body, and the connection is kept`(configuration: Configuration) throws
    {
        let (head, next, accepted) = try configuration.run(
            { request in
                request.line == "HEAD /" ? [.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")] : [.page("next")]
            },
            { server in
                let head = try await HTTPClient.shared.request(method: .head, url: server.url())
                return (head, try await getPage(server.url()).text, server.accepted)
            }
        )
        #expect(head.body.isEmpty)
        #expect(head.headers["content-length"] == "5")
        #expect(next == "next")
        #expect(accepted == 1)
    }

    @Test(arguments: Configuration.all)
    func `A body is sent with its length, and fields unchanged`(configuration: Configuration) throws {
        let text = String(repeating: "0123456789", count: 100_000)
        let (echo, request, empty) = try configuration.run(
            { request in [.page(request.body)] },
            { server in
                let fields = [(name: "X-Field", value: "value")]
                let client = HTTPClient.shared
                let body = Array(text.utf8)
                let page = try await client.request(method: .post, url: server.url(), headers: fields, body: body)
                _ = try await client.request(method: .post, url: server.url())
                return (page.text, server.requests[0], server.requests[1])
            }
        )
        #expect(echo == text)
        #expect(request.line == "POST /")
        #expect(request.head.contains("\r\nX-Field: value\r\nContent-Length: 1000000"))
        #expect(empty.head.hasSuffix("\r\nContent-Length: 0"))
    }
}
