// SPDX-License-Identifier: Apache-2.0

import Backends
import Dispatch
import HTTP
import Tasklets
import TestSupport
import Testing

/// How a server stops.
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
    func `A request that has arrived at an idle connection is answered, and the response says that it is the last`(
        configuration: Configuration
    ) throws {
        let count = 32
        let (responses, counters) = try configuration.serve { fixture in
            let connections = try await (0..<count).asyncMap { _ in try await fixture.connect() }
            for connection in connections { _ = try await connection.roundTrip(Self.get, for: Self.ok) }
            try await yieldRepeatedly()
            for connection in connections { try await connection.send(Self.get) }
            fixture.server.stop()
            let responses = try await connections.asyncMap { try await $0.readToEnd() }
            try await fixture.tasklet.join()
            return (responses, fixture.server.counters)
        }
        // Some may have been answered before the stop.
        let last = ExpectedResponse.last("GET /")
        #expect(responses.allSatisfy { $0 == last || $0 == Self.ok })
        if !configuration.isConcurrent { #expect(responses.contains(last)) }
        #expect(counters.successes == 2 * count)
    }

    @Test(arguments: Configuration.all)
    func `A request whose body is still to come when it stops is answered`(configuration: Configuration) throws {
        let response = try configuration.serve(
            handler: { exchange in
                var text = ""
                while let part = try await exchange.nextBodyPart() { text += String(decoding: part, as: UTF8.self) }
                try await exchange.respond(.ok, text)
            },
            { fixture in
                let connection = try await fixture.connect()
                let empty = ExpectedResponse.text("")
                _ = try await connection.roundTrip(Self.get, for: empty)
                try await yieldRepeatedly()
                try await connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n")
                fixture.server.stop()
                try await connection.send("te")
                try await yieldRepeatedly()
                fixture.server.stop()
                try await connection.send("xt")
                return try await connection.readToEnd()
            }
        )
        #expect(response == ExpectedResponse.last("text"))
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
        try configuration.makeScheduler().run {
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
}

/// Yields a few times.
private func yieldRepeatedly() async throws { for _ in 0..<10 { try await Tasklet.schedule() } }

extension Sequence {
    func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var results: [T] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
