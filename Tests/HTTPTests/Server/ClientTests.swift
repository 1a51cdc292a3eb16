// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport
import Testing

/// What a handler learns of its client, and what a slow handler does to it.
@Suite struct `Handlers that take long` {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(arguments: Configuration.all, [false, true])
    func `They can ask whether the client has gone, and give up`(configuration: Configuration, throwing: Bool) throws {
        let begun = OneShot<Void>()
        let counters = try configuration.counters(
            handler: { exchange in
                begun.fulfill(())
                while !exchange.isClientGone() { try await Tasklet.sleep(for: .milliseconds(1)) }
                #expect(exchange.isClientGone())
                if throwing { throw CancellationError() }
            },
            { fixture in
                let connection = try await fixture.connect()
                try await connection.send(Self.get)
                try await begun.value()
                connection.stream.close()
            }
        )
        #expect(counters.requests == 1)
        #expect(counters.successes == 0 && counters.clientErrors == 0 && counters.serverErrors == 0)
    }

    @Test(arguments: Configuration.all)
    func `A client that waits, or sends ahead, has not gone`(configuration: Configuration) throws {
        let answers = Guarded<[Bool]>([])
        let responses = try configuration.serve(
            handler: { exchange in
                for _ in 0..<3 {
                    answers.withLock { $0.append(exchange.isClientGone()) }
                    try await Tasklet.schedule()
                }
                try await exchange.respond(.ok, exchange.path)
            },
            { fixture in
                let connection = try await fixture.connect()
                try await connection.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost")
                try await connection.send(": a\r\n\r\n")
                return try await connection.read(2 * ExpectedResponse.text("/1").utf8.count)
            }
        )
        #expect(responses == ExpectedResponse.text("/1") + ExpectedResponse.text("/2"))
        #expect(answers.withLock { $0 } == Array(repeating: false, count: 6))
    }

    @Test(arguments: Configuration.all)
    func `One whose client has stopped sending may still respond`(configuration: Configuration) throws {
        let response = try configuration.serve(
            handler: { exchange in
                while !exchange.isClientGone() { try await Tasklet.schedule() }
                try await exchange.respond(.ok, "still there")
            },
            { try await $0.exchange(Self.get) }
        )
        #expect(response == ExpectedResponse.text("still there"))
    }

    @Test(arguments: Configuration.all)
    func `They do not hold back the replies to the requests before`(configuration: Configuration) throws {
        let first = ExpectedResponse.text("/1") + ExpectedResponse.text("/2")
        let mayEnd = OneShot<Void>()
        let (early, rest) = try configuration.serve(
            handler: { exchange in
                // If the first replies do not come, the test ends, and fails.
                if exchange.path == "/slow" { _ = try await mayEnd.value(until: .now + .seconds(5)) }
                try await exchange.respond(.ok, exchange.path)
            },
            { fixture in
                let connection = try await fixture.connect()
                let paths = ["/1", "/2", "/slow", "/4"]
                try await connection.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
                let early = try await connection.read(first.utf8.count)
                mayEnd.fulfill(())
                connection.stream.finishWriting()
                return (early, try await connection.readToEnd())
            }
        )
        #expect(early == first)
        #expect(rest == ExpectedResponse.text("/slow") + ExpectedResponse.text("/4"))
    }

    @Test(arguments: Configuration.all)
    func `Replies before a slow one stay in order, even if the client does not read them yet`(
        configuration: Configuration
    ) throws {
        let (paths, text) = ((0..<40).map { "/\($0)" }, String(repeating: "0123456789abcdef", count: 1_000))
        let responses = try configuration.serve(
            handler: { exchange in
                if exchange.path.hasSuffix("7") { try await Tasklet.sleep(for: .milliseconds(10)) }
                try await exchange.respond(.ok, exchange.path + text)
            },
            { fixture in
                let connection = try await fixture.connect()
                try await connection.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
                connection.stream.finishWriting()
                try await Tasklet.sleep(for: .milliseconds(30))
                return try await connection.readToEnd()
            }
        )
        #expect(responses == paths.map { ExpectedResponse.text($0 + text) }.joined())
    }
}
