// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import TestSupport
import Testing

/// Calls that do not end with a page.
@Suite struct `Failing to fetch` {
    /// In a process of its own, since the shortage is the whole process's.
    @Test func `Without a thread to look a name up, the error says so`() async {
        await #expect(processExitsWith: .success) {
            let error = try Backend.epoll.makeScheduler().run {
                let shortage = ThreadShortage()
                defer { shortage.end() }
                return await clientError { _ = try await getPage("http://name.test/") }
            }
            #expect(error?.code == .cannotConnect)
            #expect(error?.reason == "no thread is left to look up a name: Resource temporarily unavailable")
        }
    }

    @Test(arguments: Configuration.all)
    func `A server that never responds times out at the deadline`(configuration: Configuration) throws {
        let (errors, url) = try configuration.run(
            { request in request.target == "/" ? [.awaitEnd] : [.send("HTTP/1.1 200 OK\r\nContent-"), .awaitEnd] },
            { server in
                var errors: [HTTPClientError?] = []
                for target in ["/", "/begun"] {
                    errors.append(
                        await clientError {
                            _ = try await getPage(server.url(target), deadline: .now + .milliseconds(1))
                        }
                    )
                    // If the call timed out before the server accepted, there is no end to wait for.
                    try await yieldUntil { server.ended == server.accepted }
                }
                return (errors, server.url())
            }
        )
        #expect(errors.map { $0?.code } == [.timedOut, .timedOut])
        #expect(
            errors[0]?.description == "cannot fetch '\(url)': the deadline passed before the response was complete"
        )
    }

    @Test(arguments: Configuration.all)
    func `A tasklet waiting for a response can be killed, which closes the connection`(configuration: Configuration)
        throws
    {
        let (outcome, accepted) = try configuration.run(
            { request in request.number == 1 ? [.page("ok")] : [.awaitEnd] },
            { server in
                // The victim waits on a reused connection.
                _ = try await getPage(server.url())
                let outcome = Guarded("none")
                let victim = Tasklet.spawn("victim") {
                    do { _ = try await getPage(server.url()) } catch {
                        outcome.withLock { $0 = "\(type(of: error))" }
                        throw error
                    }
                }
                try await yieldUntil { server.requests.count == 2 && !victim.isRunnable }
                try await victim.kill()
                try await victim.join()
                try await yieldUntil { server.ended == 1 }
                _ = try await getPage(server.url())
                return (outcome.withLock { $0 }, server.accepted)
            }
        )
        #expect(outcome == "TaskletExit")
        #expect(accepted == 2)
    }

    @Test(
        arguments: Configuration.all,
        [
            "", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfour",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n",
        ]
    )
    func `A truncated response is not a page`(configuration: Configuration, response: String) throws {
        let error = try configuration.run(
            { _ in [.send(response), .close] },
            { server in await clientError { _ = try await getPage(server.url()) } }
        )
        #expect(error?.code == .connectionClosed)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nA: \(String(repeating: "a", count: 300))\r\n", HTTPClientError.Code.responseTooLarge),
        ("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", .responseTooLarge),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", .responseTooLarge),
        ("HTTP/1.1 200 OK\r\n\r\n\(String(repeating: "a", count: 101))", .responseTooLarge),
        ("SSH-2.0-x\r\n", .malformedResponse), ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", .malformedResponse),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .malformedResponse),
    ])
    func `A response that is too large or malformed is rejected, and the connection closed`(
        response: String,
        code: HTTPClientError.Code
    ) throws {
        let (error, url) = try Configuration.all[0].run(
            { _ in [.send(response), .awaitEnd] },
            { server in
                let client = HTTPClient(head: 300, body: 100)
                let error = await clientError { _ = try await client.get(server.url()) }
                try await yieldUntil { server.ended == 1 }
                return (error, server.url())
            }
        )
        #expect(error?.code == code)
        #expect(error?.description.hasPrefix("cannot fetch '\(url)': response: ") == true)
        #expect(
            code != .responseTooLarge
                || error?.description.contains("300 bytes of head, 100 fields and 100 bytes of body") == true
        )
    }

    @Test func `A body of exactly the limit is accepted`() throws {
        let page = try Configuration.all[0].run(
            { _ in [.page(String(repeating: "a", count: 100_000))] },
            { server in try await HTTPClient(body: 100_000).get(server.url()) }
        )
        #expect(page.body.count == 100_000)
    }

    @Test(arguments: ["", "x", "https://x/", "http://x:0/", "http://x/ü"])
    func `An invalid URL is named in the error`(url: String) throws {
        let error = try Configuration.all[0].makeScheduler().run { await clientError { _ = try await getPage(url) } }
        #expect(error?.code == .invalidURL)
        #expect(error?.description.hasPrefix("cannot fetch '\(url)': ") == true)
    }

    @Test(arguments: Configuration.all)
    func `A refused connection is an error that names the address`(configuration: Configuration) throws {
        let port = RefusingPort()
        let url = "http://127.0.0.1:\(port.number)/"
        let error = try configuration.makeScheduler().run { await clientError { _ = try await getPage(url) } }
        withExtendedLifetime(port) {}
        #expect(error?.code == .cannotConnect)
        #expect(error?.description.hasPrefix("cannot fetch '\(url)': connect to 127.0.0.1:") == true)
    }

    @Test(arguments: [
        (HTTPMethod.get, "Host", "x"), (.get, "content-length", "1"), (.get, "A", "b\r\nC: d"), (.get, "A b", "c"),
        (.get, "", "c"), (.other, "A", "b"), (.connect, "A", "b"),
    ])
    func `A request that would be parsed differently is not sent`(
        method: HTTPMethod,
        name: String,
        value: String
    ) throws {
        let (error, requests) = try Configuration.all[0].run(
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
