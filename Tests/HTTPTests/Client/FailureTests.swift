// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import Testing

/// Calls that end otherwise than with a page.
@Suite struct `Failing to fetch` {
    @Test(arguments: Setting.all)
    func `A server that never replies is given up at the deadline`(setting: Setting) throws {
        let (errors, url) = try setting.run(
            { request in request.target == "/" ? [.awaitEnd] : [.send("HTTP/1.1 200 OK\r\nContent-"), .awaitEnd] },
            { server in
                var errors: [HTTPClientError?] = []
                for target in ["/", "/begun"] {
                    errors.append(
                        await clientError {
                            _ = try await getPage(server.url(target), deadline: .now + .milliseconds(1))
                        }
                    )
                    // Where it was given up before the server had heard of it, there is no end to be seen.
                    try await giveWayUntil { server.ended == server.accepted }
                }
                return (errors, server.url())
            }
        )
        #expect(errors.map { $0?.code } == [.timedOut, .timedOut])
        #expect(
            errors[0]?.description == "'\(url)' cannot be fetched: the deadline passed before the reply was complete"
        )
    }

    @Test(arguments: Setting.all)
    func `Whoever waits for a reply can be killed, and the connection is closed`(setting: Setting) throws {
        let (outcome, accepted) = try setting.run(
            { request in request.number == 1 ? [.page("ok")] : [.awaitEnd] },
            { server in
                // The victim waits on a connection that has been used before.
                _ = try await getPage(server.url())
                let outcome = Guarded("none")
                let victim = Tasklet.spawn("victim") {
                    do { _ = try await getPage(server.url()) } catch {
                        outcome.withLock { $0 = "\(type(of: error))" }
                        throw error
                    }
                }
                try await giveWayUntil { server.requests.count == 2 && !victim.isRunnable }
                try await victim.kill()
                try await victim.join()
                try await giveWayUntil { server.ended == 1 }
                _ = try await getPage(server.url())
                return (outcome.withLock { $0 }, server.accepted)
            }
        )
        #expect(outcome == "TaskletExit")
        #expect(accepted == 2)
    }

    @Test(
        arguments: Setting.all,
        [
            "", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfour",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n",
        ]
    )
    func `A reply that is cut short is no page`(setting: Setting, reply: String) throws {
        let error = try setting.run(
            { _ in [.send(reply), .close] },
            { server in await clientError { _ = try await getPage(server.url()) } }
        )
        #expect(error?.code == .connectionClosed)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nA: \(String(repeating: "a", count: 300))\r\n", HTTPClientError.Code.replyTooLarge),
        ("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", .replyTooLarge),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", .replyTooLarge),
        ("HTTP/1.1 200 OK\r\n\r\n\(String(repeating: "a", count: 101))", .replyTooLarge),
        ("SSH-2.0-x\r\n", .malformedReply), ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", .malformedReply),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .malformedReply),
    ])
    func `A reply that is too large, or no HTTP, is refused, and the connection closed`(
        reply: String,
        code: HTTPClientError.Code
    ) throws {
        let (error, url) = try Setting.all[0].run(
            { _ in [.send(reply), .awaitEnd] },
            { server in
                let client = HTTPClient(head: 300, body: 100)
                let error = await clientError { _ = try await client.get(server.url()) }
                try await giveWayUntil { server.ended == 1 }
                return (error, server.url())
            }
        )
        #expect(error?.code == code)
        #expect(error?.description.hasPrefix("'\(url)' cannot be fetched: of the reply, ") == true)
        #expect(code != .replyTooLarge || error?.description.contains("300 bytes in 100 fields, a body 100") == true)
    }

    @Test func `As much as is allowed is read`() throws {
        let page = try Setting.all[0].run(
            { _ in [.page(String(repeating: "a", count: 100_000))] },
            { server in try await HTTPClient(body: 100_000).get(server.url()) }
        )
        #expect(page.body.count == 100_000)
    }

    @Test(arguments: ["", "x", "https://x/", "http://x:0/", "http://x/ü"])
    func `A URL that cannot be fetched is named`(url: String) throws {
        let error = try Setting.all[0].scheduler().run { await clientError { _ = try await getPage(url) } }
        #expect(error?.code == .invalidURL)
        #expect(error?.description.hasPrefix("'\(url)' cannot be fetched: ") == true)
    }

    @Test(arguments: Setting.all)
    func `Nobody who listens is an error that says where`(setting: Setting) throws {
        let (error, url) = try setting.run(
            { _ in [] },
            { server in
                let url = server.url()
                server.stop()
                return (await clientError { _ = try await getPage(url) }, url)
            }
        )
        #expect(error?.code == .cannotConnect)
        #expect(error?.description.hasPrefix("'\(url)' cannot be fetched: connect to 127.0.0.1:") == true)
    }

    @Test(arguments: [
        (HTTPMethod.get, "Host", "x"), (.get, "content-length", "1"), (.get, "A", "b\r\nC: d"), (.get, "A b", "c"),
        (.get, "", "c"), (.other, "A", "b"), (.connect, "A", "b"),
    ])
    func `A request that would be read as another one is not sent`(
        method: HTTPMethod,
        name: String,
        value: String
    ) throws {
        let (error, requests) = try Setting.all[0].run(
            { _ in [.page("")] },
            { server in
                let fields = [(name: name, value: value)]
                let error = await clientError {
                    _ = try await HTTPClient.shared.request(method: method, url: server.url(), headers: fields)
                }
                return (error, server.requests.count)
            }
        )
        #expect(error?.code == .invalidRequest)
        #expect(requests == 0)
    }
}
