// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import Testing

/// Peers that are slow, silent or gone.
@Suite struct `The patience of the server` {
    private static let hasty = HTTPServerOptions.with { $0.requestTimeout = .milliseconds(20) }
    private static let late = Reply.last("\(HTTPError.timedOut)\n", "408 Request Timeout")

    @Test(arguments: Setting.all, ["G", "GET / HTTP/1.1\r\nHost: a\r\n", "\r"])
    func `A head that is not completed is given up`(setting: Setting, text: String) throws {
        let reply = try setting.serve(Self.hasty) { try await $0.talk(text, halfCloses: false) }
        #expect(reply == Self.late)
    }

    @Test(arguments: Setting.all)
    func `A head that comes drop by drop has no more time than another`(setting: Setting) throws {
        let reply = try setting.serve(Self.hasty) { pages in
            let connection = try await pages.connect()
            try await connection.send("GET / HTTP/1.1\r\n")
            let writer = Tasklet.spawn("writer") {
                while true {
                    try await connection.send("A: b\r\n")
                    try await Tasklet.sleep(for: .milliseconds(5))
                }
            }
            let reply = try await connection.readToEnd()
            try await writer.kill()
            return reply
        }
        #expect(reply == Self.late)
    }

    @Test(arguments: Setting.all)
    func `A body that is not completed is given up`(setting: Setting) throws {
        let reply = try setting.serve(
            Self.hasty,
            handler: { exchange in
                while try await exchange.nextBodyPart() != nil {}
                try await exchange.respond(.ok, "whole")
            },
            { pages in
                let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
                return try await pages.talk("\(head)four", halfCloses: false)
            }
        )
        #expect(reply == Self.late)
    }

    @Test(arguments: Setting.all)
    func `An idle connection is closed without a word`(setting: Setting) throws {
        let options = HTTPServerOptions.with { $0.idleTimeout = .milliseconds(20) }
        let replies = try setting.serve(options) { pages in
            let silent = try await pages.talk("", halfCloses: false)
            // On a machine that is busy, the server may be faster than the request.
            var served = ""
            while served.isEmpty {
                served = (try? await pages.talk("GET / HTTP/1.1\r\nHost: a\r\n\r\n", halfCloses: false)) ?? ""
            }
            return [silent, served]
        }
        #expect(replies == ["", Reply.text("GET /")])
    }

    @Test(
        arguments: Setting.all,
        ["GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfo"]
    )
    func `A peer that resets the connection within a request is no failure`(setting: Setting, rest: String) throws {
        let begun = OneShot<Void>()
        let counters = try setting.counters(
            handler: { exchange in
                if exchange.method == "POST" { begun.fulfill(()) }
                while try await exchange.nextBodyPart() != nil {}
                try await exchange.respond(.ok, "whole")
            },
            { pages in
                let connection = try await pages.connect()
                try await connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n\(rest)")
                let byte = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
                defer { byte.deallocate() }
                _ = try await connection.stream.read(into: byte)
                if rest.hasPrefix("POST") { try await begun.value() }
                // With something unread, the kernel resets it. NIO has read ahead: there the client is seen to go away.
                connection.stream.close()
                let next = try await pages.talk("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(next == Reply.text("whole"))
            }
        )
        #expect(counters.connections == 2)
        #expect(counters.successes == 2)
        #expect(counters.clientErrors == (setting.backend == .nio ? 1 : 0))
        #expect(counters.serverErrors == 0)
    }

    @Test(arguments: Setting.all)
    func `A response that the client does not take is given up, and no part of it comes twice`(
        setting: Setting
    ) throws {
        let pattern = Pattern()
        let failed = OneShot<Void>()
        let counters = try setting.counters(
            .with { $0.requestTimeout = .milliseconds(20) },
            handler: { exchange in
                defer { failed.fulfill(()) }
                try await exchange.beginResponse(.ok)
                while true { try await exchange.write(pattern.next(7_000)) }
            },
            { pages in
                let connection = try await pages.connect()
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

/// Bytes that follow each other in an order of their own.
private final class Pattern: @unchecked Sendable {
    // SAFETY: one tasklet uses it.
    private static let period = 251
    private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 20_000, alignment: 1)
    private var position = 0

    init() { for index in bytes.indices { bytes[index] = UInt8(index % Self.period) } }

    deinit { bytes.deallocate() }

    /// So many of them; good until it is let go of.
    func next(_ count: Int) -> UnsafeRawBufferPointer {
        let start = position % Self.period
        position += count
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
    }
}
