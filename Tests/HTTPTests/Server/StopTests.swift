// SPDX-License-Identifier: Apache-2.0

import Dispatch
import HTTP
import Tasklets
import Testing

/// How a server comes to its end, and how many connections it has until then.
@Suite struct `The end of the server` {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let ok = Reply.text("GET /")
    private static let hasty = HTTPServerOptions.with { $0.grace = .milliseconds(20) }

    @Test(arguments: Setting.all)
    func `Idle connections are closed when it stops`(setting: Setting) throws {
        let (ends, counters) = try setting.serve { pages in
            let connections = [try await pages.connect(), try await pages.connect(), try await pages.connect()]
            for connection in connections.dropFirst() { _ = try await connection.ask(Self.get, for: Self.ok) }
            try await giveWay()
            pages.server.stop()
            pages.server.stop()
            try await pages.tasklet.join()
            var ends: [String] = []
            // The first may not have been accepted.
            for connection in connections.dropFirst() { ends.append(try await connection.readToEnd()) }
            return (ends, pages.server.counters)
        }
        #expect(ends == ["", ""])
        #expect(counters.requests == 2 && counters.successes == 2)
        #expect(counters.bytesReceived == 2 * Self.get.utf8.count)
    }

    @Test(arguments: Setting.all)
    func `Requests in progress are finished, and say that they are the last`(setting: Setting) throws {
        let (begun, mayEnd) = (OneShot<Void>(), OneShot<Void>())
        let replies = try setting.serve(
            handler: { exchange in
                begun.fulfill(())
                try await mayEnd.value()
                try await exchange.respond(.ok, "finished")
            },
            { pages in
                let connection = try await pages.connect()
                // The second of them is not begun any more.
                try await connection.send(Self.get + Self.get)
                try await begun.value()
                pages.server.stop()
                mayEnd.fulfill(())
                let replies = try await connection.readToEnd()
                connection.stream.close()
                try await pages.tasklet.join()
                return replies
            }
        )
        #expect(replies == Reply.last("finished"))
    }

    @Test(arguments: Setting.all, [1, 100])
    func `Requests that take longer than the grace are ended, full or not`(setting: Setting, places: Int) throws {
        let begun = OneShot<Void>()
        let outcome = Guarded("none")
        var options = Self.hasty
        options.connections = places
        let counters = try setting.serve(
            options,
            handler: { _ in
                begun.fulfill(())
                do { try await OneShot<Void>().value() } catch {
                    outcome.withLock { $0 = "\(type(of: error))" }
                    throw error
                }
            },
            { pages in
                let connection = try await pages.connect()
                try await connection.send(Self.get)
                try await begun.value()
                pages.server.stop()
                try await pages.tasklet.join()
                #expect(try await connection.readToEnd() == "")
                return pages.server.counters
            }
        )
        #expect(outcome.withLock { $0 } == "TaskletExit")
        #expect(counters.connections == 1 && counters.requests == 1 && counters.serverErrors == 0)
    }

    @Test(arguments: Setting.all)
    func `A client that does not take its response is not waited for`(setting: Setting) throws {
        let begun = OneShot<Void>()
        try setting.serve(
            Self.hasty,
            handler: { exchange in
                begun.fulfill(())
                try await exchange.beginResponse(.ok)
                while true { try await exchange.write("endless") }
            },
            { pages in
                let connection = try await pages.connect()
                try await connection.send(Self.get)
                try await begun.value()
                pages.server.stop()
                try await pages.tasklet.join()
                connection.stream.close()
            }
        )
    }

    @Test(arguments: Setting.all)
    func `Another thread may stop it, and again`(setting: Setting) throws {
        let end = try setting.serve { pages in
            let connection = try await pages.connect()
            _ = try await connection.ask(Self.get, for: Self.ok)
            for _ in 0..<2 { DispatchQueue.global().async { pages.server.stop() } }
            try await pages.tasklet.join()
            return try await connection.readToEnd()
        }
        #expect(end == "")
    }

    @Test(arguments: Setting.all)
    func `One that was stopped before it served does not serve`(setting: Setting) throws {
        try setting.scheduler().run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let server = HTTPServer { try await $0.respond(.ok, "never") }
            server.stop()
            try await server.serve(listener)
            #expect(server.counters == HTTPServerCounters())
        }
    }

    @Test(arguments: Setting.all)
    func `Killing the tasklet that serves ends it`(setting: Setting) throws {
        let begun = OneShot<Void>()
        let ends = try setting.serve(
            Self.hasty,
            handler: { exchange in
                if exchange.path == "/" { return try await exchange.respond(.ok, "GET /") }
                begun.fulfill(())
                try await OneShot<Void>().value()
            },
            { pages in
                let (idle, busy) = (try await pages.connect(), try await pages.connect())
                _ = try await idle.ask(Self.get, for: Self.ok)
                try await busy.send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n")
                try await begun.value()
                try await pages.tasklet.kill()
                try await pages.tasklet.join()
                return [try await idle.readToEnd(), try await busy.readToEnd()]
            }
        )
        #expect(ends == ["", ""])
    }

    @Test(arguments: Setting.all)
    func `Killing the tasklet of a connection ends that connection alone`(setting: Setting) throws {
        let tasklets = Channel<Tasklet>("victims", capacity: 1)
        let (end, next) = try setting.serve(
            handler: { exchange in
                if exchange.path == "/" { return try await exchange.respond(.ok, "GET /") }
                try await tasklets.send(.current)
                try await OneShot<Void>().value()
            },
            { pages in
                let connection = try await pages.connect()
                try await connection.send("GET /victim HTTP/1.1\r\nHost: a\r\n\r\n")
                try await tasklets.receive().kill()
                return (try await connection.readToEnd(), try await pages.talk(Self.get))
            }
        )
        #expect(end == "")
        #expect(next == Self.ok)
    }

    @Test(arguments: Setting.all)
    func `One connection more than there are places is served when another ends`(setting: Setting) throws {
        let (early, reply) = try setting.serve(.with { $0.connections = 2 }) { pages in
            let connections = [try await pages.connect(), try await pages.connect()]
            for connection in connections { _ = try await connection.ask(Self.get, for: Self.ok) }
            let third = try await pages.connect()
            try await third.send(Self.get)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
            defer { buffer.deallocate() }
            let early = try? await third.stream.read(into: buffer, deadline: .now + .milliseconds(20))
            connections[0].stream.close()
            third.stream.finishWriting()
            let reply = try await third.readToEnd()
            connections[1].stream.close()
            return (early, reply)
        }
        #expect(early == nil)
        #expect(reply == Self.ok)
    }

    @Test(arguments: Setting.all)
    func `A place is free again after each of a hundred connections`(setting: Setting) throws {
        let replies = try setting.serve(.with { $0.connections = 2 }) { pages in
            let replies = Guarded<[String]>([])
            let clients = (0..<100).map { _ in
                Tasklet.spawn("client") {
                    let reply = try await pages.talk(Self.get)
                    replies.withLock { $0.append(reply) }
                }
            }
            for client in clients { try await client.join() }
            return replies.withLock { $0 }
        }
        #expect(replies == Array(repeating: Self.ok, count: 100))
    }
}

/// Gives way to others a few times.
private func giveWay() async throws { for _ in 0..<10 { try await Tasklet.schedule() } }
