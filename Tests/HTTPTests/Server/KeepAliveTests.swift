// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import TestSupport
import Testing

/// Successive requests on one connection.
@Suite struct `A connection to the server` {
    @Test(arguments: Configuration.all)
    func `It serves successive requests, and closes when the client does`(configuration: Configuration) throws {
        let (responses, end) = try configuration.serve { fixture in
            let connection = try await fixture.connect()
            var responses: [String] = []
            for path in ["/1", "/22"] {
                let response = ExpectedResponse.text("GET \(path)")
                responses.append(
                    try await connection.roundTrip("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n", for: response)
                )
            }
            connection.stream.finishWriting()
            return (responses, try await connection.readToEnd())
        }
        #expect(responses == [ExpectedResponse.text("GET /1"), ExpectedResponse.text("GET /22")])
        #expect(end == "")
    }

    @Test(arguments: Configuration.all)
    func `The version and the Connection field decide whether it persists`(configuration: Configuration) throws {
        let stays = ExpectedResponse.text("GET /")
        let asked = ExpectedResponse.text("GET /", fields: "Connection: keep-alive\r\n")
        let last = ExpectedResponse.last("GET /")
        let cases = [
            ("HTTP/1.1", "", stays + stays), ("HTTP/1.1", "Connection: close\r\n", last),
            ("HTTP/1.1", "Connection: x, Close\r\n", last), ("HTTP/1.0", "", last),
            ("HTTP/1.0", "Connection: keep-alive\r\n", asked + asked),
            ("HTTP/1.0", "Connection: close\r\n", last), ("HTTP/1.1", "Connection: keep-alive\r\n", stays + stays),
        ]
        let responses = try configuration.serve { fixture in
            var responses: [String] = []
            for (version, field, _) in cases {
                let request = "GET / \(version)\r\nHost: a\r\n\(field)\r\n"
                responses.append(try await fixture.exchange(request + request))
            }
            return responses
        }
        #expect(responses == cases.map(\.2))
    }

    @Test(arguments: Configuration.all)
    func `When the server closes it, the client sees a clean end even while it still sends`(
        configuration: Configuration
    ) throws {
        let rest = String(repeating: "x", count: 200_000)
        let response = try configuration.serve { fixture in
            let connection = try await fixture.connect()
            // The client is still writing this when the response has been sent.
            Tasklet.spawn("writer") {
                try? await connection.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n\(rest)")
                connection.stream.finishWriting()
            }
            return try await connection.readToEnd()
        }
        #expect(response == ExpectedResponse.last("GET /"))
    }

    @Test(arguments: Configuration.all)
    func `Pipelined requests are answered in order and in batches`(configuration: Configuration) throws {
        let paths = (0..<100).map { "/\($0)" }
        let (responses, writes) = try configuration.serve { fixture in
            let before = Tasklet.scheduler.counters.systemCalls["send"]
            let responses = try await fixture.exchange(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            let after = Tasklet.scheduler.counters.systemCalls["send"]
            return (responses, after.map { $0 - (before ?? 0) })
        }
        #expect(responses == paths.map { ExpectedResponse.text("GET \($0)") }.joined())
        // One of the calls is the client's; not every backend counts them.
        if let writes { #expect(writes <= 6) }
    }

    @Test(arguments: Configuration.all.filter { $0.backend == .epoll })
    func `A request on a persistent connection costs one receive, one send and a share of a wait`(
        configuration: Configuration
    ) throws {
        let requests: UInt64 = 100
        let (calls, responses) = try configuration.serve { fixture in
            let connection = try await fixture.connect()
            let response = ExpectedResponse.text("GET /")
            func roundTrip() async throws -> Bool {
                try await connection.roundTrip("GET / HTTP/1.1\r\nHost: a\r\n\r\n", for: response) == response
            }
            _ = try await roundTrip()
            let before = Tasklet.scheduler.counters.systemCalls
            var right: UInt64 = 0
            for _ in 0..<requests where try await roundTrip() { right += 1 }
            let after = Tasklet.scheduler.counters.systemCalls
            return (after.merging(before) { $0 - $1 }, right)
        }
        #expect(responses == requests)
        // The client runs here, too, and makes as many calls.
        #expect(calls["recv"] == 2 * requests)
        #expect(calls["send"] == 2 * requests)
        // With nobody else to serve, each side waits for the other; and the loop also polls every 64 switches.
        #expect(calls["epoll_pwait2", default: 0] <= 2 * requests + 10)
        #expect(calls.filter { $0.value > 0 }.keys.sorted() == ["epoll_pwait2", "recv", "send"])
    }

    @Test(arguments: Configuration.all)
    func `Requests may be split anywhere`(configuration: Configuration) throws {
        let requests =
            "GET /a HTTP/1.1\r\nHost: a\r\n\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            + "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nA: b\r\n\r\n"
        let all = ["GET /a", "POST /b", "POST /c"].map { ExpectedResponse.text($0) }.joined()
        let wrong = try configuration.serve { fixture in
            let bytes = Array(requests.utf8)
            var wrong: [Int] = []
            for cut in 1..<bytes.count {
                let connection = try await fixture.connect()
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

    @Test(arguments: Configuration.all)
    func `Requests may arrive byte by byte`(configuration: Configuration) throws {
        let response = try configuration.serve { fixture in
            let connection = try await fixture.connect()
            for character in "GET /byte HTTP/1.1\r\nHost: a\r\n\r\n".utf8 {
                try await connection.send(String(decoding: [character], as: UTF8.self))
                try await Tasklet.schedule()
            }
            connection.stream.finishWriting()
            return try await connection.readToEnd()
        }
        #expect(response == ExpectedResponse.text("GET /byte"))
    }

    @Test(arguments: Configuration.all)
    func `The handler sees the method, the path, the query and the fields`(configuration: Configuration) throws {
        let response = try configuration.serve(
            handler: { exchange in
                let query = exchange.query ?? "none"
                let field = exchange.field("x-field") ?? "none"
                try await exchange.respond(.notFound, "\(exchange.method) \(exchange.path) \(query) \(field)")
            },
            { fixture in
                try await fixture.exchange(
                    "PATCH /a%20b?c=d HTTP/1.1\r\nHost: a\r\nX-Field: value\r\n\r\nGET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n"
                )
            }
        )
        let responses = ["PATCH /a%20b c=d value", "GET /b none none", "GET / none none"].map {
            ExpectedResponse.text($0, "404 Not Found")
        }
        #expect(response == responses.joined())
    }
}
