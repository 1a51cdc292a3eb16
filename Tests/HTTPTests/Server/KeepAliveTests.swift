// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import Testing

/// One request after the other on a connection.
@Suite struct `A connection to the server` {
    @Test(arguments: Setting.all)
    func `It answers one request after the other, and is closed where the client ends it`(setting: Setting) throws {
        let (replies, end) = try setting.serve { pages in
            let connection = try await pages.connect()
            var replies: [String] = []
            for path in ["/1", "/22"] {
                let reply = Reply.text("GET \(path)")
                replies.append(try await connection.ask("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n", for: reply))
            }
            connection.stream.finishWriting()
            return (replies, try await connection.readToEnd())
        }
        #expect(replies == [Reply.text("GET /1"), Reply.text("GET /22")])
        #expect(end == "")
    }

    @Test(arguments: Setting.all)
    func `Version and Connection field say whether it goes on`(setting: Setting) throws {
        let stays = Reply.text("GET /")
        let asked = Reply.text("GET /", fields: "Connection: keep-alive\r\n")
        let last = Reply.last("GET /")
        let cases = [
            ("HTTP/1.1", "", stays + stays), ("HTTP/1.1", "Connection: close\r\n", last),
            ("HTTP/1.1", "Connection: x, Close\r\n", last), ("HTTP/1.0", "", last),
            ("HTTP/1.0", "Connection: keep-alive\r\n", asked + asked),
            ("HTTP/1.0", "Connection: close\r\n", last), ("HTTP/1.1", "Connection: keep-alive\r\n", stays + stays),
        ]
        let replies = try setting.serve { pages in
            var replies: [String] = []
            for (version, field, _) in cases {
                let request = "GET / \(version)\r\nHost: a\r\n\(field)\r\n"
                replies.append(try await pages.talk(request + request))
            }
            return replies
        }
        #expect(replies == cases.map(\.2))
    }

    @Test(arguments: Setting.all)
    func `Where the server ends it, the client sees a proper end, whatever it still sends`(setting: Setting) throws {
        let rest = String(repeating: "x", count: 200_000)
        let reply = try setting.serve { pages in
            let connection = try await pages.connect()
            // It is still being written when the reply has been sent.
            Tasklet.spawn("writer") {
                try? await connection.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n\(rest)")
                connection.stream.finishWriting()
            }
            return try await connection.readToEnd()
        }
        #expect(reply == Reply.last("GET /"))
    }

    @Test(arguments: Setting.all)
    func `Pipelined requests are answered in order, with few writes`(setting: Setting) throws {
        let paths = (0..<100).map { "/\($0)" }
        let (replies, writes) = try setting.serve { pages in
            let before = Tasklet.scheduler.counters.systemCalls["send"]
            let replies = try await pages.talk(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            let after = Tasklet.scheduler.counters.systemCalls["send"]
            return (replies, after.map { $0 - (before ?? 0) })
        }
        #expect(replies == paths.map { Reply.text("GET \($0)") }.joined())
        // One of them is the client's; not every backend counts them.
        if let writes { #expect(writes <= 6) }
    }

    @Test(arguments: Setting.all.filter { $0.backend == .epoll })
    func `A request on a connection that is kept costs one call to receive, one to send, and a share of a wait`(
        setting: Setting
    ) throws {
        let requests: UInt64 = 100
        let (calls, replies) = try setting.serve { pages in
            let connection = try await pages.connect()
            let reply = Reply.text("GET /")
            func ask() async throws -> Bool {
                try await connection.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n", for: reply) == reply
            }
            _ = try await ask()
            let before = Tasklet.scheduler.counters.systemCalls
            var right: UInt64 = 0
            for _ in 0..<requests where try await ask() { right += 1 }
            let after = Tasklet.scheduler.counters.systemCalls
            return (after.merging(before) { $0 - $1 }, right)
        }
        #expect(replies == requests)
        // The client runs here, too, and needs as many.
        #expect(calls["recv"] == 2 * requests)
        #expect(calls["send"] == 2 * requests)
        // With nobody else to serve, each waits for the other; and every 64 switches there is a look besides.
        #expect(calls["epoll_pwait2", default: 0] <= 2 * requests + 10)
        #expect(calls.filter { $0.value > 0 }.keys.sorted() == ["epoll_pwait2", "recv", "send"])
    }

    @Test(arguments: Setting.all)
    func `It does not matter where requests are cut`(setting: Setting) throws {
        let requests =
            "GET /a HTTP/1.1\r\nHost: a\r\n\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            + "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nA: b\r\n\r\n"
        let all = ["GET /a", "POST /b", "POST /c"].map { Reply.text($0) }.joined()
        let wrong = try setting.serve { pages in
            let bytes = Array(requests.utf8)
            var wrong: [Int] = []
            for cut in 1..<bytes.count {
                let connection = try await pages.connect()
                try await connection.send(String(decoding: bytes[..<cut], as: UTF8.self))
                for _ in 0..<3 { try await Tasklet.schedule() }
                try await connection.send(String(decoding: bytes[cut...], as: UTF8.self))
                connection.stream.finishWriting()
                if try await connection.readToEnd() != all { wrong.append(cut) }
            }
            return wrong
        }
        #expect(wrong.isEmpty)
    }

    @Test(arguments: Setting.all)
    func `Requests may come byte by byte`(setting: Setting) throws {
        let reply = try setting.serve { pages in
            let connection = try await pages.connect()
            for character in "GET /byte HTTP/1.1\r\nHost: a\r\n\r\n".utf8 {
                try await connection.send(String(decoding: [character], as: UTF8.self))
                try await Tasklet.schedule()
            }
            connection.stream.finishWriting()
            return try await connection.readToEnd()
        }
        #expect(reply == Reply.text("GET /byte"))
    }

    @Test(arguments: Setting.all)
    func `The handler sees the method, the path, the query and the fields`(setting: Setting) throws {
        let reply = try setting.serve(
            handler: { exchange in
                let query = exchange.query ?? "none"
                let field = exchange.field("x-field") ?? "none"
                try await exchange.respond(.notFound, "\(exchange.method) \(exchange.path) \(query) \(field)")
            },
            { pages in
                try await pages.talk(
                    "PATCH /a%20b?c=d HTTP/1.1\r\nHost: a\r\nX-Field: value\r\n\r\nGET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n"
                )
            }
        )
        let replies = ["PATCH /a%20b c=d value", "GET /b none none"].map { Reply.text($0, "404 Not Found") }
        #expect(reply == replies.joined())
    }
}
