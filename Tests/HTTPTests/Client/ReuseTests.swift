// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import Testing

/// Which connections are used again, and which are not.
@Suite struct `Using connections again` {
    @Test(arguments: Setting.all)
    func `Pages of one host come on one connection`(setting: Setting) throws {
        let (numbers, accepted) = try setting.run(
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

    @Test(
        arguments: Setting.all,
        [
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        ]
    )
    func `A connection after which something else may come is closed`(setting: Setting, reply: String) throws {
        let (accepted, ends) = try setting.run(
            { _ in [.send(reply), .awaitEnd] },
            { server in
                for number in 1...2 {
                    _ = try await getPage(server.url())
                    try await giveWayUntil { server.ended == number }
                }
                return (server.accepted, server.ended)
            }
        )
        #expect(accepted == 2)
        #expect(ends == 2)
    }

    @Test(arguments: Setting.all)
    func `HTTP/1.0 can be asked to stay`(setting: Setting) throws {
        let accepted = try setting.run(
            { _ in [.send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok")] },
            { server in
                for _ in 0..<2 { _ = try await getPage(server.url()) }
                return server.accepted
            }
        )
        #expect(accepted == 1)
    }

    @Test(arguments: Setting.all)
    func `A request on a connection that the server has closed is sent again on a new one`(setting: Setting) throws {
        let (pages, requests) = try setting.run(
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
        arguments: Setting.all,
        [
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nunasked",
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "\n",
        ]
    )
    func `What comes on an idle connection is no reply, and the connection is closed`(
        setting: Setting,
        unasked: String
    ) throws {
        let (isIdle, isSent) = (OneShot<Void>(), OneShot<Void>())
        let (pages, requests) = try setting.run(
            { request in
                guard request.connection == 1 else { return [.page("\(request.connection).\(request.number)")] }
                let waits = ScriptedServer.Step.perform { try await isIdle.value() }
                return [.page("1.1"), waits, .send(unasked), .perform { isSent.fulfill(()) }, .awaitEnd]
            },
            { server in
                var pages = [try await getPage(server.url()).text]
                isIdle.fulfill(())
                try await isSent.value()
                // Even on one machine the kernel takes a while; and NIO, which reads by itself, has read what came
                // before when it has seen what came after.
                try await Tasklet.sleep(for: .milliseconds(20))
                pages.append(try await HTTPClient().get(server.url()).text)
                let deadline = ContinuousClock.now + .seconds(20)
                for _ in 0..<2 { pages.append(try await getPage(server.url(), deadline: deadline).text) }
                try await giveWayUntil { server.ended == 2 }
                return (pages, server.requests.count)
            }
        )
        #expect(pages == ["1.1", "2.1", "3.1", "3.2"])
        #expect(requests == 4)
    }

    @Test(arguments: Setting.all)
    func `A request is sent again once only`(setting: Setting) throws {
        let (error, requests) = try setting.run(
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

    @Test(arguments: Setting.all)
    func `What must not be sent twice gets a new connection, which is kept`(setting: Setting) throws {
        let connections = try setting.run(
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

    @Test(arguments: Setting.all)
    func `Where there is room for one only, a new connection takes the place of the idle one`(setting: Setting) throws {
        let (connections, ends) = try setting.run(
            { request in request.number == 1 ? [.page("\(request.connection)"), .awaitEnd] : [.close] },
            { server in
                let client = HTTPClient(connectionsPerHost: 1)
                var connections: [String] = []
                for number in 0..<3 {
                    connections.append(try await client.request(method: .post, url: server.url()).text)
                    try await giveWayUntil { server.ended == number }
                }
                return (connections, server.ended)
            }
        )
        #expect(connections == ["1", "2", "3"])
        #expect(ends == 2)
    }

    @Test(arguments: Setting.all)
    func `A connection that was idle for too long is closed`(setting: Setting) throws {
        let (accepted, ends) = try setting.run(
            { _ in [.page("ok"), .awaitEnd] },
            { server in
                let client = HTTPClient(idleTime: .zero)
                for number in 0..<3 {
                    _ = try await client.get(server.url())
                    try await giveWayUntil { server.ended == number }
                }
                return (server.accepted, server.ended)
            }
        )
        #expect(accepted == 3)
        #expect(ends == 2)
    }

    @Test(arguments: Setting.all)
    func `Idle connections can be closed`(setting: Setting) throws {
        let accepted = try setting.run(
            { _ in [.page("ok"), .awaitEnd] },
            { server in
                _ = try await getPage(server.url())
                HTTPClient.shared.closeIdleConnections()
                try await giveWayUntil { server.ended == 1 }
                _ = try await getPage(server.url())
                return server.accepted
            }
        )
        #expect(accepted == 2)
    }

    @Test(arguments: Setting.all)
    func `Two hundred tasklets share eight connections`(setting: Setting) throws {
        let (right, accepted) = try setting.run(
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
