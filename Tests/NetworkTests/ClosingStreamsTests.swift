// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// Who may close a connection, and when its descriptor is closed.
@Suite struct `Closing streams` {
    @Test(arguments: Configuration.all, Closer.allCases)
    func `Closing ends a read and a write that wait at the same time`(
        configuration: Configuration,
        closer: Closer
    ) async throws {
        let (messages, sockets) = try await configuration.run {
            let connection = try await Connection.open()
            var sockets = OpenSockets()
            sockets.note(port: connection.listener.port)
            let messages = Box<Set<String>>([])
            let waits: [@Sendable () async throws -> Void] = [
                { _ = try await connection.server.read(1) },
                { try await connection.server.write(chunk: 16 << 20) },
            ]
            let waiting = waits.map { wait in
                Tasklet.spawn("waiting") {
                    let message = await schedulerError(wait)?.message ?? "none"
                    messages.update { $0.insert(message) }
                }
            }
            try await yieldUntil { waiting.allSatisfy { !$0.isRunnable } }
            closer.close(connection.server)
            for tasklet in waiting { try await tasklet.join() }
            connection.close()
            return (messages.value, sockets)
        }
        #expect(messages == ["read failed: Operation canceled", "write failed: Operation canceled"])
        #expect(sockets.count == 3)
        try await sockets.waitUntilClosed()
    }

    @Test(arguments: Configuration.all, Closer.allCases)
    func `Releasing a stream closes it`(configuration: Configuration, closer: Closer) async throws {
        let (rest, sockets) = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let peer = try RawPeer(port: listener.port)
            let held = Box<TCPStream?>(try await listener.accept())
            var sockets = OpenSockets()
            sockets.note(port: listener.port)
            peer.send([1])
            _ = try await held.value?.read(1)
            closer.release(of: held)
            // If the stream stayed open, this would wait forever.
            let rest = try await peer.readToEnd()
            peer.close()
            listener.close()
            return (rest, sockets)
        }
        #expect(rest == [])
        try await sockets.waitUntilClosed()
    }

    /// The connection may be in its slot already.
    @Test(arguments: Configuration.all)
    func `A connection accepted by a tasklet is closed if the tasklet is killed before it continues`(
        configuration: Configuration
    ) async throws {
        let rests = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            var rests: [[UInt8]] = []
            for _ in 0..<8 {
                let acceptor = Tasklet.spawn("acceptor") { try await listener.accept().close() }
                try await yieldUntil { !acceptor.isRunnable }
                let peer = try RawPeer(port: listener.port)
                try await yieldUntil { acceptor.isRunnable || !acceptor.isAlive }
                try await acceptor.kill()
                try await acceptor.join()
                // A connection that was not accepted yet is accepted now.
                let next = Tasklet.spawn("next") { try await listener.accept().close() }
                // If the connection were left open, this would wait forever.
                rests.append(try await peer.readToEnd())
                peer.close()
                try await next.kill()
            }
            listener.close()
            return rests
        }
        #expect(rests == Array(repeating: [], count: 8))
    }

    /// As a server lets a connection linger; the kernel reports the end of both directions at once, or one by one.
    @Test(arguments: Configuration.all)
    func `Many connections at whose ends tasklets wait come to their ends`(configuration: Configuration) async throws {
        let (pairs, rounds) = (8, 40)
        let ends = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let ends = Counter()
            let users = (0..<pairs).map { _ in
                Tasklet.spawn("user") {
                    for _ in 0..<rounds {
                        let client = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
                        let server = try await listener.accept()
                        let reader = Tasklet.spawn("reader") { ends.add(try await client.read(1).isEmpty ? 1 : 0) }
                        try await Tasklet.schedule()
                        server.finishWriting()
                        try await reader.join()
                        let other = Tasklet.spawn("other") { ends.add(try await server.read(1).isEmpty ? 1 : 0) }
                        try await Tasklet.schedule()
                        client.close()
                        try await other.join()
                        server.close()
                    }
                }
            }
            for user in users { try await user.join() }
            listener.close()
            return ends.value
        }
        #expect(ends == 2 * pairs * rounds)
    }

    @Test(arguments: Configuration.all)
    func `Connections that are closed while in use do not receive each other's bytes`(
        configuration: Configuration
    ) async throws {
        let strangers = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let strangers = Counter()
            var users: [Tasklet] = []
            for round in 0..<24 {
                let client = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
                let connection = Connection(listener: listener, client: client, server: try await listener.accept())
                let tag = UInt8(round)
                users.append(
                    Tasklet.spawn("writer") { while (try? await connection.client.write([tag, tag])) != nil {} }
                )
                users.append(
                    Tasklet.spawn("reader") {
                        while let bytes = try? await connection.server.read(64, deadline: nil), !bytes.isEmpty {
                            strangers.add(bytes.filter { $0 != tag }.count)
                        }
                    }
                )
                for _ in 0..<round % 7 { try await Tasklet.schedule() }
                // The next connection gets its number at once.
                if round % 2 == 0 { connection.server.close() } else { connection.client.close() }
                if round % 3 == 0 { connection.client.close() }
            }
            for user in users { try await user.kill() }
            listener.close()
            return strangers.value
        }
        #expect(strangers == 0)
    }
}

/// Where a stream is closed from.
enum Closer: CaseIterable, Sendable {
    case tasklet, foreignThread

    fileprivate func close(_ stream: TCPStream) {
        switch self {
        case .tasklet: stream.close()
        case .foreignThread: ForeignThread().perform { stream.close() }
        }
    }

    fileprivate func release(of stream: Box<TCPStream?>) {
        switch self {
        case .tasklet: stream.value = nil
        case .foreignThread: ForeignThread().perform { stream.value = nil }
        }
    }
}
