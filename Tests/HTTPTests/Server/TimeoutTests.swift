// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import TestSupport
import Testing

/// Peers that are slow, silent or gone.
@Suite struct `Server timeouts` {
    private static let shortTimeout = HTTPServerOptions.with {
        $0.headTimeout = .milliseconds(20)
        $0.progressTimeout = .milliseconds(20)
    }
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

    /// Sends a body of 200 bytes, one at a time; returns the response.
    private func trickle(_ configuration: Configuration, _ options: HTTPServerOptions) throws -> String {
        try configuration.serve(
            options,
            handler: { exchange in
                while try await exchange.nextBodyPart() != nil {}
                try await exchange.respond(.ok, "whole")
            },
            { fixture in
                let connection = try await fixture.connect()
                let fields = "Host: a\r\nConnection: close\r\nContent-Length: 200\r\n"
                try await connection.send("POST / HTTP/1.1\r\n\(fields)\r\n")
                let writer = Tasklet.spawn("writer") {
                    for _ in 0..<200 {
                        try await connection.send("x")
                        try await Tasklet.sleep(for: .milliseconds(2))
                    }
                }
                let response = try await connection.read(Self.late.utf8.count)
                try await writer.kill()
                return response
            }
        )
    }

    @Test(arguments: Configuration.all)
    func `A body that trickles in below the minimum rate times out`(configuration: Configuration) throws {
        let options = HTTPServerOptions.with {
            $0.progressTimeout = .milliseconds(20)
            $0.minimumRate = 100_000
        }
        #expect(try trickle(configuration, options) == Self.late)
    }

    @Test(arguments: Configuration.all)
    func `A body has a time in total, however steadily it comes`(configuration: Configuration) throws {
        let options = HTTPServerOptions.with {
            $0.bodyTimeout = .milliseconds(40)
            $0.minimumRate = 0
        }
        #expect(try trickle(configuration, options) == Self.late)
    }

    @Test(arguments: Configuration.all)
    func `The time that a handler takes is not the client's`(configuration: Configuration) throws {
        let pause = Duration.milliseconds(25)
        let response = try configuration.serve(
            .with {
                $0.progressTimeout = pause + pause
                $0.bodyTimeout = pause + pause
                $0.minimumRate = 1 << 20
            },
            handler: { exchange in
                while try await exchange.nextBodyPart() != nil { try await Tasklet.sleep(for: pause) }
                try await exchange.respond(.ok, "whole")
            },
            { fixture in
                let chunks = String(repeating: "1\r\nx\r\n", count: 6)
                let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                return try await fixture.exchange("\(head)\(chunks)0\r\n\r\n")
            }
        )
        #expect(response == ExpectedResponse.text("whole"))
    }

    @Test(arguments: Configuration.all)
    func `A long response is sent for as long as the client reads on`(configuration: Configuration) throws {
        let (size, timeout) = (24 << 20, Duration.milliseconds(400))
        let (received, time) = try configuration.serve(
            .with { $0.progressTimeout = timeout },
            handler: { exchange in
                let body = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
                defer { body.deallocate() }
                body.initializeMemory(as: UInt8.self, repeating: 7)
                try await exchange.respond(.ok, UnsafeRawBufferPointer(body))
            },
            { fixture in
                let connection = try await fixture.connect()
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 1)
                defer { buffer.deallocate() }
                let start = ContinuousClock.now
                try await connection.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                var received = 0
                while case let count = try await connection.stream.read(into: buffer), count > 0 {
                    received += count
                    try await Tasklet.sleep(for: .milliseconds(10))
                }
                return (received, ContinuousClock.now - start)
            }
        )
        #expect(received > size)
        #expect(time > timeout)
    }

    @Test(arguments: Configuration.all, [true, false])
    func `A client that takes a response below the minimum rate is cut off`(
        configuration: Configuration,
        isDemanding: Bool
    ) throws {
        let (enough, failed) = (8 << 20, Guarded(false))
        let received = try configuration.serve(
            .with {
                // A client that is not to be cut takes longer than that altogether, but not from one part to the next,
                // even on a busy machine.
                $0.progressTimeout = .milliseconds(isDemanding ? 200 : 600)
                $0.minimumRate = isDemanding ? 1 << 40 : 0
            },
            handler: { exchange in
                let pattern = Pattern()
                do {
                    try await exchange.beginResponse(.ok)
                    while true { try await exchange.write(pattern.next(19_000)) }
                } catch {
                    failed.withLock { $0 = true }
                    throw error
                }
            },
            { fixture in
                let connection = try await fixture.connect()
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
                defer { buffer.deallocate() }
                try await connection.send("GET / HTTP/1.0\r\n\r\n")
                var received = 0
                while received < enough, !failed.withLock({ $0 }) {
                    received += try await connection.stream.read(into: buffer)
                    try await Tasklet.sleep(for: .milliseconds(8))
                }
                let cut = failed.withLock { $0 } ? -1 : received
                connection.stream.close()
                return cut
            }
        )
        #expect(isDemanding ? received == -1 : received >= enough)
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
            .with { $0.progressTimeout = .milliseconds(20) },
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
