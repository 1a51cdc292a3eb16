// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// Which connections are reused.
@Suite struct `Reusing connections` {
    @Test(arguments: Configuration.all)
    func `Pages of one host share a connection`(configuration: Configuration) throws {
        let (numbers, accepted) = try configuration.run(
            { request in [.page("\(request.number)")] },
            { server in
                var numbers: [String] = []
                for _ in 0..<5 { numbers.append(try await getPage(server.url()).text) }
                return (numbers, server.accepted)
            }
        )
        #expect(numbers == ["1", "2", "3", "4", "5"])
        #expect(accepted == 1)
    }

    /// Asks on the main actor, whose jobs run on another thread than the scheduler's.
    @MainActor private static func page(_ url: String) async throws -> String {
        let text = try await getPage(url).text
        MainActor.assertIsolated()
        return text
    }

    @Test(arguments: Configuration.all)
    func `Pages that are requested in an actor share a connection, too`(configuration: Configuration) throws {
        let (numbers, accepted) = try configuration.run(
            { request in [.page("\(request.number)")] },
            { server in
                var numbers: [String] = []
                for _ in 0..<5 { numbers.append(try await Self.page(server.url())) }
                return (numbers, server.accepted)
            }
        )
        #expect(numbers == ["1", "2", "3", "4", "5"])
        #expect(accepted == 1)
    }

    @Test(
        arguments: Configuration.all,
        [
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        ]
    )
    func `A connection that may carry more than the response is closed`(configuration: Configuration, response: String)
        throws
    {
        let (accepted, ends) = try configuration.run(
            { _ in [.send(response), .awaitEnd] },
            { server in
                for number in 1...2 {
                    _ = try await getPage(server.url())
                    try await yieldUntil { server.ended == number }
                }
                return (server.accepted, server.ended)
            }
        )
        #expect(accepted == 2)
        #expect(ends == 2)
    }

    @Test(arguments: Configuration.all)
    func `HTTP/1.0 can keep a connection alive`(configuration: Configuration) throws {
        let accepted = try configuration.run(
            { _ in [.send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok")] },
            { server in
                for _ in 0..<2 { _ = try await getPage(server.url()) }
                return server.accepted
            }
        )
        #expect(accepted == 1)
    }

    @Test(arguments: Configuration.all)
    func `A request on a connection that the server has closed is retried on a new one`(configuration: Configuration)
        throws
    {
        let (pages, requests) = try configuration.run(
            { request in [.page("\(request.connection).\(request.number)"), .close] },
            { server in
                var pages: [String] = []
                for _ in 0..<3 { pages.append(try await getPage(server.url()).text) }
                return (pages, server.requests.count)
            }
        )
        #expect(pages == ["1.1", "2.1", "3.1"])
        #expect(requests == 3)
    }

    @Test(
        arguments: Configuration.all,
        [
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nunasked",
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "\n",
        ]
    )
    func `Bytes on an idle connection are not a response, and close it`(
        configuration: Configuration,
        unasked: String
    ) throws {
        let (isIdle, isSent) = (OneShot<Void>(), OneShot<Void>())
        let (pages, requests) = try configuration.run(
            { request in
                guard request.connection == 1 else { return [.page("\(request.connection).\(request.number)")] }
                let waits = ScriptedServer.Step.perform { try await isIdle.value() }
                return [.page("1.1"), waits, .send(unasked), .perform { isSent.fulfill(()) }, .awaitEnd]
            },
            { server in
                var pages = [try await getPage(server.url()).text]
                isIdle.fulfill(())
                try await isSent.value()
                // Even on one machine the kernel takes a while. NIO reads ahead, and has read the bytes before an
                // end once it has seen that end.
                try await Tasklet.sleep(for: .milliseconds(20))
                pages.append(try await HTTPClient().get(server.url()).text)
                let deadline = ContinuousClock.now + .seconds(20)
                for _ in 0..<2 { pages.append(try await getPage(server.url(), deadline: deadline).text) }
                try await yieldUntil { server.ended == 2 }
                return (pages, server.requests.count)
            }
        )
        #expect(pages == ["1.1", "2.1", "3.1", "3.2"])
        #expect(requests == 4)
    }

    @Test(arguments: Configuration.all)
    func `A request is retried only once`(configuration: Configuration) throws {
        let (error, requests) = try configuration.run(
            { request in request.connection == 1 && request.number == 1 ? [.page("kept")] : [.close] },
            { server in
                _ = try await getPage(server.url())
                let error = await clientError { _ = try await getPage(server.url()) }
                return (error, server.requests.map { "\($0.connection).\($0.number)" })
            }
        )
        #expect(error?.code == .connectionClosed)
        #expect(requests == ["1.1", "1.2", "2.1"])
    }

    @Test(arguments: Configuration.all)
    func `A request that is not idempotent opens a new connection, which is kept`(configuration: Configuration) throws {
        let connections = try configuration.run(
            { request in [.page("\(request.connection)")] },
            { server in
                let client = HTTPClient.shared
                var connections = [try await client.get(server.url()).text]
                connections.append(try await client.request(method: .post, url: server.url()).text)
                connections.append(try await client.get(server.url()).text)
                return connections
            }
        )
        #expect(connections == ["1", "2", "2"])
    }

    @Test(arguments: Configuration.all)
    func `At a limit of one, a new connection replaces the idle one`(configuration: Configuration) throws {
        let (connections, ends) = try configuration.run(
            { request in request.number == 1 ? [.page("\(request.connection)"), .awaitEnd] : [.close] },
            { server in
                let client = HTTPClient(connectionsPerHost: 1)
                var connections: [String] = []
                for number in 0..<3 {
                    connections.append(try await client.request(method: .post, url: server.url()).text)
                    try await yieldUntil { server.ended == number }
                }
                return (connections, server.ended)
            }
        )
        #expect(connections == ["1", "2", "3"])
        #expect(ends == 2)
    }

    @Test(arguments: Configuration.all)
    func `An expired idle connection is closed`(configuration: Configuration) throws {
        let (accepted, ends) = try configuration.run(
            { _ in [.page("ok"), .awaitEnd] },
            { server in
                let client = HTTPClient(idleTime: .zero)
                for number in 0..<3 {
                    _ = try await client.get(server.url())
                    try await yieldUntil { server.ended == number }
                }
                return (server.accepted, server.ended)
            }
        )
        #expect(accepted == 3)
        #expect(ends == 2)
    }

    @Test(arguments: Configuration.all)
    func `Idle connections can be closed`(configuration: Configuration) throws {
        let accepted = try configuration.run(
            { _ in [.page("ok"), .awaitEnd] },
            { server in
                _ = try await getPage(server.url())
                HTTPClient.shared.closeIdleConnections()
                try await yieldUntil { server.ended == 1 }
                _ = try await getPage(server.url())
                return server.accepted
            }
        )
        #expect(accepted == 2)
    }

    @Test(arguments: Configuration.all)
    func `Two hundred tasklets share eight connections`(configuration: Configuration) throws {
        let (right, accepted) = try configuration.run(
            { request in [.page(request.target)] },
            { server in
                let client = HTTPClient(connectionsPerHost: 8)
                let right = Guarded(0)
                let tasklets = (0..<200).map { number in
                    Tasklet.spawn("client") {
                        let page = try await client.get(server.url("/\(number)"))
                        if page.text == "/\(number)" { right.withLock { $0 += 1 } }
                    }
                }
                for tasklet in tasklets { try await tasklet.join() }
                return (right.withLock { $0 }, server.accepted)
            }
        )
        #expect(right == 200)
        #expect((1...8).contains(accepted))
    }
}
