// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import Testing

/// Peers that are slow, silent or gone.
@Suite struct `Server timeouts` {
    private static let shortTimeout = HTTPServerOptions.with { $0.requestTimeout = .milliseconds(20) }
    private static let late = ExpectedResponse.last("\(HTTPError.timedOut)\n", "408 Request Timeout")

    @Test(arguments: Configuration.all, ["G", "GET / HTTP/1.1\r\nHost: a\r\n", "\r"])
    func `An incomplete head times out`(configuration: Configuration, text: String) throws {
        let response = try configuration.serve(Self.shortTimeout) { try await $0.exchange(text, halfCloses: false) }
        #expect(response == Self.late)
    }

    @Test(arguments: Configuration.all)
    func `A head that trickles in gets no more time than any other`(configuration: Configuration) throws {
        let response = try configuration.serve(Self.shortTimeout) { fixture in
            let connection = try await fixture.connect()
            try await connection.send("GET / HTTP/1.1\r\n")
            let writer = Tasklet.spawn("writer") {
                while true {
                    try await connection.send("A: b\r\n")
                    try await Tasklet.sleep(for: .milliseconds(5))
                }
            }
            let response = try await connection.readToEnd()
            try await writer.kill()
            return response
        }
        #expect(response == Self.late)
    }

    @Test(arguments: Configuration.all)
    func `An incomplete body times out`(configuration: Configuration) throws {
        let response = try configuration.serve(
            Self.shortTimeout,
            handler: { exchange in
                while try await exchange.nextBodyPart() != nil {}
                try await exchange.respond(.ok, "whole")
            },
            { fixture in
                let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
                return try await fixture.exchange("\(head)four", halfCloses: false)
            }
        )
        #expect(response == Self.late)
    }

    @Test(arguments: Configuration.all)
    func `An idle connection is closed without a response`(configuration: Configuration) throws {
        let options = HTTPServerOptions.with { $0.idleTimeout = .milliseconds(20) }
        let responses = try configuration.serve(options) { fixture in
            let silent = try await fixture.exchange("", halfCloses: false)
            // On a busy machine the idle timeout may expire before the request arrives.
            var served = ""
            while served.isEmpty {
                served = (try? await fixture.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n", halfCloses: false)) ?? ""
            }
            return [silent, served]
        }
        #expect(responses == ["", ExpectedResponse.text("GET /")])
    }

    @Test(
        arguments: Configuration.all,
        ["GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfo"]
    )
    func `A peer that resets the connection in mid-request is not a failure`(configuration: Configuration, rest: String)
        throws
    {
        let begun = OneShot<Void>()
        let counters = try configuration.counters(
            handler: { exchange in
                if exchange.method == "POST" { begun.fulfill(()) }
                while try await exchange.nextBodyPart() != nil {}
                try await exchange.respond(.ok, "whole")
            },
            { fixture in
                let connection = try await fixture.connect()
                try await connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n\(rest)")
                let byte = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
                defer { byte.deallocate() }
                _ = try await connection.stream.read(into: byte)
                if rest.hasPrefix("POST") { try await begun.value() }
                // Unread bytes make the kernel send a reset. NIO reads ahead: there the client just closes.
                connection.stream.close()
                let next = try await fixture.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(next == ExpectedResponse.text("whole"))
            }
        )
        #expect(counters.connections == 2)
        #expect(counters.successes == 2)
        #expect(counters.clientErrors == (configuration.backend == .nio ? 1 : 0))
        #expect(counters.serverErrors == 0)
    }

    @Test(arguments: Configuration.all)
    func `A response that the client does not read times out, and no part of it is sent twice`(
        configuration: Configuration
    ) throws {
        let pattern = Pattern()
        let failed = OneShot<Void>()
        let counters = try configuration.counters(
            .with { $0.requestTimeout = .milliseconds(20) },
            handler: { exchange in
                defer { failed.fulfill(()) }
                try await exchange.beginResponse(.ok)
                while true { try await exchange.write(pattern.next(7_000)) }
            },
            { fixture in
                let connection = try await fixture.connect()
                try await connection.send("GET / HTTP/1.0\r\n\r\n")
                try await failed.value()
                let head = Array("\r\n\r\n".utf8)
                var received = try await connection.stream.readSome()
                let body = try #require(received.firstRange(of: head)).upperBound
                received.removeFirst(body)
                let copy = Pattern()
                while !received.isEmpty {
                    #expect(copy.next(received.count).elementsEqual(received))
                    received = (try? await connection.stream.readSome()) ?? []
                }
            }
        )
        #expect(counters.successes == 1)
        #expect(counters.serverErrors == 0)
    }
}

/// An endless, reproducible sequence of bytes.
private final class Pattern: @unchecked Sendable {
    // SAFETY: only one tasklet uses it.
    private static let period = 251
    private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 20_000, alignment: 1)
    private var position = 0

    init() { for index in bytes.indices { bytes[index] = UInt8(index % Self.period) } }

    deinit { bytes.deallocate() }

    /// The next bytes, valid while the pattern lives.
    func next(_ count: Int) -> UnsafeRawBufferPointer {
        let start = position % Self.period
        position += count
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
    }
}
