// SPDX-License-Identifier: Apache-2.0

import Dispatch
import HTTP
import Tasklets
import Testing

/// How a server stops, and how many connections it holds until then.
@Suite struct `Stopping the server` {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let ok = ExpectedResponse.text("GET /")
    private static let hasty = HTTPServerOptions.with { $0.grace = .milliseconds(20) }

    @Test(arguments: Configuration.all)
    func `Idle connections are closed when it stops`(configuration: Configuration) throws {
        let (ends, counters) = try configuration.serve { fixture in
            let connections = [try await fixture.connect(), try await fixture.connect(), try await fixture.connect()]
            for connection in connections.dropFirst() { _ = try await connection.roundTrip(Self.get, for: Self.ok) }
            try await yieldRepeatedly()
            fixture.server.stop()
            fixture.server.stop()
            try await fixture.tasklet.join()
            var ends: [String] = []
            // The first connection may not have been accepted yet.
            for connection in connections.dropFirst() { ends.append(try await connection.readToEnd()) }
            return (ends, fixture.server.counters)
        }
        #expect(ends == ["", ""])
        #expect(counters.requests == 2 && counters.successes == 2)
        #expect(counters.bytesReceived == 2 * Self.get.utf8.count)
    }

    @Test(arguments: Configuration.all)
    func `Requests in progress finish, and announce that the connection closes`(configuration: Configuration) throws {
        let (begun, mayEnd) = (OneShot<Void>(), OneShot<Void>())
        let responses = try configuration.serve(
            handler: { exchange in
                begun.fulfill(())
                try await mayEnd.value()
                try await exchange.respond(.ok, "finished")
            },
            { fixture in
                let connection = try await fixture.connect()
                // The second request must not be started any more.
                try await connection.send(Self.get + Self.get)
                try await begun.value()
                fixture.server.stop()
                mayEnd.fulfill(())
                let responses = try await connection.readToEnd()
                connection.stream.close()
                try await fixture.tasklet.join()
                return responses
            }
        )
        #expect(responses == ExpectedResponse.last("finished"))
    }

    @Test(arguments: Configuration.all, [1, 100])
    func `Requests that exceed the grace are ended, with or without free places`(
        configuration: Configuration,
        places: Int
    ) throws {
        let begun = OneShot<Void>()
        let outcome = Guarded("none")
        var options = Self.hasty
        options.connections = places
        let counters = try configuration.serve(
            options,
            handler: { _ in
                begun.fulfill(())
                do { try await OneShot<Void>().value() } catch {
                    outcome.withLock { $0 = "\(type(of: error))" }
                    throw error
                }
            },
            { fixture in
                let connection = try await fixture.connect()
                try await connection.send(Self.get)
                try await begun.value()
                fixture.server.stop()
                try await fixture.tasklet.join()
                #expect(try await connection.readToEnd() == "")
                return fixture.server.counters
            }
        )
        #expect(outcome.withLock { $0 } == "TaskletExit")
        #expect(counters.connections == 1 && counters.requests == 1 && counters.serverErrors == 0)
    }

    @Test(arguments: Configuration.all)
    func `A client that does not read its response does not hold up the stop`(configuration: Configuration) throws {
        let begun = OneShot<Void>()
        try configuration.serve(
            Self.hasty,
            handler: { exchange in
                begun.fulfill(())
                try await exchange.beginResponse(.ok)
                while true { try await exchange.write("endless") }
            },
            { fixture in
                let connection = try await fixture.connect()
                try await connection.send(Self.get)
                try await begun.value()
                fixture.server.stop()
                try await fixture.tasklet.join()
                connection.stream.close()
            }
        )
    }

    @Test(arguments: Configuration.all)
    func `Any thread may stop it, repeatedly`(configuration: Configuration) throws {
        let end = try configuration.serve { fixture in
            let connection = try await fixture.connect()
            _ = try await connection.roundTrip(Self.get, for: Self.ok)
            for _ in 0..<2 { DispatchQueue.global().async { fixture.server.stop() } }
            try await fixture.tasklet.join()
            return try await connection.readToEnd()
        }
        #expect(end == "")
    }

    @Test(arguments: Configuration.all)
    func `A server stopped before it serves does not serve`(configuration: Configuration) throws {
        try configuration.scheduler().run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let server = HTTPServer { try await $0.respond(.ok, "never") }
            server.stop()
            try await server.serve(listener)
            #expect(server.counters == HTTPServerCounters())
        }
    }

    @Test(arguments: Configuration.all)
    func `Killing the serving tasklet ends the server`(configuration: Configuration) throws {
        let begun = OneShot<Void>()
        let ends = try configuration.serve(
            Self.hasty,
            handler: { exchange in
                if exchange.path == "/" { return try await exchange.respond(.ok, "GET /") }
                begun.fulfill(())
                try await OneShot<Void>().value()
            },
            { fixture in
                let (idle, busy) = (try await fixture.connect(), try await fixture.connect())
                _ = try await idle.roundTrip(Self.get, for: Self.ok)
                try await busy.send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n")
                try await begun.value()
                try await fixture.tasklet.kill()
                try await fixture.tasklet.join()
                return [try await idle.readToEnd(), try await busy.readToEnd()]
            }
        )
        #expect(ends == ["", ""])
    }

    @Test(arguments: Configuration.all)
    func `Killing the tasklet of a connection ends only that connection`(configuration: Configuration) throws {
        let tasklets = Channel<Tasklet>("victims", capacity: 1)
        let (end, next) = try configuration.serve(
            handler: { exchange in
                if exchange.path == "/" { return try await exchange.respond(.ok, "GET /") }
                try await tasklets.send(.current)
                try await OneShot<Void>().value()
            },
            { fixture in
                let connection = try await fixture.connect()
                try await connection.send("GET /victim HTTP/1.1\r\nHost: a\r\n\r\n")
                try await tasklets.receive().kill()
                return (try await connection.readToEnd(), try await fixture.exchange(Self.get))
            }
        )
        #expect(end == "")
        #expect(next == Self.ok)
    }

    @Test(arguments: Configuration.all)
    func `A connection beyond the limit is served once another ends`(configuration: Configuration) throws {
        let (early, response) = try configuration.serve(.with { $0.connections = 2 }) { fixture in
            let connections = [try await fixture.connect(), try await fixture.connect()]
            for connection in connections { _ = try await connection.roundTrip(Self.get, for: Self.ok) }
            let third = try await fixture.connect()
            try await third.send(Self.get)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
            defer { buffer.deallocate() }
            let early = try? await third.stream.read(into: buffer, deadline: .now + .milliseconds(20))
            connections[0].stream.close()
            third.stream.finishWriting()
            let response = try await third.readToEnd()
            connections[1].stream.close()
            return (early, response)
        }
        #expect(early == nil)
        #expect(response == Self.ok)
    }

    @Test(arguments: Configuration.all)
    func `Each of a hundred connections gives its place back`(configuration: Configuration) throws {
        let responses = try configuration.serve(.with { $0.connections = 2 }) { fixture in
            let responses = Guarded<[String]>([])
            let clients = (0..<100).map { _ in
                Tasklet.spawn("client") {
                    let response = try await fixture.exchange(Self.get)
                    responses.withLock { $0.append(response) }
                }
            }
            for client in clients { try await client.join() }
            return responses.withLock { $0 }
        }
        #expect(responses == Array(repeating: Self.ok, count: 100))
    }
}

/// Yields a few times.
private func yieldRepeatedly() async throws { for _ in 0..<10 { try await Tasklet.schedule() } }
