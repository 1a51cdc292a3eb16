// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTP
import Tasklets
import TestSupport
import Testing

/// How many connections a server holds, and which gives its place to another.
@Suite struct `Places for connections` {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let ok = ExpectedResponse.text("GET /")

    @Test(arguments: Configuration.all)
    func `The connection that has been idle longest gives its place to a new one`(configuration: Configuration) throws {
        let (end, others) = try configuration.serve(.with { $0.connections = 3 }) { fixture in
            let connections = try await (0..<3).asyncMap { _ in try await fixture.connect() }
            for connection in connections { _ = try await connection.roundTrip(Self.get, for: Self.ok) }
            // The second is the one that was used least recently.
            for index in [0, 2, 0, 2, 0, 2] { _ = try await connections[index].roundTrip(Self.get, for: Self.ok) }
            let fourth = try await fixture.connect()
            var others = [try await fourth.roundTrip(Self.get, for: Self.ok)]
            let end = try await connections[1].readToEnd()
            for index in [0, 2] { others.append(try await connections[index].roundTrip(Self.get, for: Self.ok)) }
            return (end, others)
        }
        #expect(end == "")
        #expect(others == [Self.ok, Self.ok, Self.ok])
    }

    @Test(arguments: Configuration.all)
    func `A connection waits for a place while all others are busy, until one is idle`(configuration: Configuration)
        throws
    {
        let (begun, mayEnd) = (OneShot<Void>(), OneShot<Void>())
        let (early, busy, late) = try configuration.serve(
            .with { $0.connections = 1 },
            handler: { exchange in
                if exchange.path == "/busy" {
                    begun.fulfill(())
                    try await mayEnd.value()
                }
                try await exchange.respond(.ok, "GET \(exchange.path)")
            },
            { fixture in
                let first = try await fixture.connect()
                try await first.send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n")
                try await begun.value()
                let second = try await fixture.connect()
                try await second.send(Self.get)
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
                defer { buffer.deallocate() }
                let early = try? await second.stream.read(into: buffer, deadline: .now + .milliseconds(20))
                mayEnd.fulfill(())
                second.stream.finishWriting()
                // The first client keeps its connection.
                return (early, try await first.readToEnd(), try await second.readToEnd())
            }
        )
        #expect(early == nil)
        #expect(busy == ExpectedResponse.text("GET /busy"))
        #expect(late == Self.ok)
    }

    @Test(arguments: Configuration.all)
    func `A server that has made room is released with its connections`(configuration: Configuration) async throws {
        let server = Box<HTTPServer?>(nil)
        try configuration.serve(.with { $0.connections = 2 }) { fixture in
            server.value = fixture.server
            // Room is made for the third and the fifth, which finds one more that could go.
            var connections: [RawConnection] = []
            for _ in 0..<5 {
                connections.append(try await fixture.connect())
                _ = try await connections[connections.count - 1].roundTrip(Self.get, for: Self.ok)
            }
        }
        weak let released = server.value
        server.value = nil
        #expect(try await isReleased { released })
    }

    @Test(arguments: Configuration.all)
    func `A request that has arrived at a connection that gives its place is answered`(configuration: Configuration)
        throws
    {
        let responses = try configuration.serve(.with { $0.connections = 1 }) { fixture in
            var responses: [String] = []
            var connection = try await fixture.connect()
            _ = try await connection.roundTrip(Self.get, for: Self.ok)
            for _ in 0..<20 {
                try await connection.send(Self.get)
                let next = try await fixture.connect()
                try await next.send(Self.get)
                responses.append(try await connection.readToEnd())
                connection.stream.close()
                #expect(try await next.read(Self.ok.utf8.count) == Self.ok)
                connection = next
            }
            return responses
        }
        // Whether it was read before or after the server had looked for a place.
        #expect(responses.allSatisfy { $0 == Self.ok || $0 == ExpectedResponse.last("GET /") }, "\(responses)")
    }

    /// The server may have chosen it already.
    @Test(arguments: Configuration.all)
    func `Another one gives its place where the one that was idle longest has become busy`(
        configuration: Configuration
    ) throws {
        for _ in 0..<20 {
            let mayEnd = Channel<Void>()
            let response = try configuration.serve(
                .with { $0.connections = 2 },
                handler: { exchange in
                    if exchange.path == "/busy" { try await mayEnd.receive() }
                    try await exchange.respond(.ok, "GET \(exchange.path)")
                },
                { fixture in
                    let connections = try await (0..<2).asyncMap { _ in try await fixture.connect() }
                    for connection in connections { _ = try await connection.roundTrip(Self.get, for: Self.ok) }
                    try await connections[0].send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n")
                    let third = try await fixture.connect()
                    let response = try await third.roundTrip(Self.get, for: Self.ok)
                    // The request had arrived, and so is answered in any case.
                    try await mayEnd.send(())
                    _ = try await connections[0].read(ExpectedResponse.text("GET /busy").utf8.count)
                    for connection in connections + [third] { connection.stream.close() }
                    return response
                }
            )
            #expect(response == Self.ok)
        }
    }

    @Test(arguments: Configuration.all)
    func `Hundreds of idle connections do not keep others out`(configuration: Configuration) throws {
        let served = try configuration.serve(.with { $0.connections = 8 }) { fixture in
            var (kept, served): ([RawConnection], Int) = ([], 0)
            for _ in 0..<200 {
                let connection = try await fixture.connect()
                if try await connection.roundTrip(Self.get, for: Self.ok) == Self.ok { served += 1 }
                kept.append(connection)
            }
            return served
        }
        #expect(served == 200)
    }

    @Test(arguments: Configuration.all)
    func `Each of a hundred connections gives its place back`(configuration: Configuration) throws {
        let responses = try configuration.serve(.with { $0.connections = 2 }) { fixture in
            let responses = Guarded<[String]>([])
            let clients = (0..<100).map { _ in
                Tasklet.spawn("client") {
                    // A connection that gives its place before its request has arrived is closed; a client tries again.
                    var response = ""
                    while response.isEmpty { response = (try? await fixture.exchange(Self.get)) ?? "" }
                    responses.withLock { $0.append(response) }
                }
            }
            for client in clients { try await client.join() }
            return responses.withLock { $0 }
        }
        #expect(responses.count == 100)
        #expect(responses.allSatisfy { $0 == Self.ok || $0 == ExpectedResponse.last("GET /") })
    }

    @Test(arguments: Configuration.all)
    func `An address has a limit of its own`(configuration: Configuration) throws {
        let (ends, next) = try configuration.serve(.with { $0.connectionsPerAddress = 2 }) { fixture in
            let connections = [try await fixture.connect(), try await fixture.connect()]
            for connection in connections { _ = try await connection.roundTrip(Self.get, for: Self.ok) }
            let ends = try await [
                fixture.connect(), fixture.connect(),
            ].asyncMap { try await $0.readToEnd() }
            connections[0].stream.close()
            // The server may not have seen the close yet.
            var next = ""
            while next.isEmpty {
                let connection = try await fixture.connect()
                next = (try? await connection.roundTrip(Self.get, for: Self.ok)) ?? ""
            }
            return (ends, next)
        }
        #expect(ends == ["", ""])
        #expect(next == Self.ok)
    }

    @Test func `The addresses of an IPv6 network are one client's, and a mapped address is an IPv4 address`() throws {
        let addresses = [
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false), ("2001:db8::1", "2001:db8::ffff:0:0:1", true),
            ("2001:db8::1", "2001:db8:0:1::1", false), ("::1", "0.0.0.0", false),
        ]
        for (left, right, isSame) in addresses {
            let (first, second) = (try Self.network(left), try Self.network(right))
            #expect((first == second) == isSame, "\(left), \(right)")
        }
        #expect(ClientNetwork(NetworkAddress(bytes: [])) == nil)
        #expect(ClientNetwork(NetworkAddress(bytes: Array(repeating: 0, count: 16))) == nil)
    }

    /// The network of an address in text, by way of the bytes of a `sockaddr_in` or `sockaddr_in6`.
    ///
    /// Not by way of those types, which several modules define.
    private static func network(_ text: String) throws -> ClientNetwork {
        let isLong = text.contains(":")
        let family = isLong ? AF_INET6 : AF_INET
        var bytes = [UInt8](repeating: 0, count: isLong ? 28 : 16)
        withUnsafeBytes(of: UInt16(family)) { bytes.replaceSubrange(0..<2, with: $0) }
        let result = bytes[(isLong ? 8 : 4)...].withUnsafeMutableBytes { inet_pton(family, text, $0.baseAddress) }
        try #require(result == 1)
        return try #require(ClientNetwork(NetworkAddress(bytes: bytes)))
    }
}
