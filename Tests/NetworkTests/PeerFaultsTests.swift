// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

/// What the other end of a connection may do.
@Suite struct `Peers that misbehave` {
    @Test(arguments: Configuration.all)
    func `A reset ends a waiting read, and all later ones`(configuration: Configuration) async throws {
        let codes = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            let codes = Box<[SchedulerError.Code?]>([])
            let reader = Tasklet.spawn("reader") {
                let error = await schedulerError { _ = try await server.read(1) }
                codes.update { $0.append(error?.code) }
            }
            try await yieldUntil { !reader.isRunnable }
            peer.reset()
            try await reader.join()
            let late = await schedulerError { try await server.write("anybody?") }
            server.close()
            return codes.value + [late?.code]
        }
        #expect(codes == [.system, .system])
    }

    @Test(arguments: Configuration.all)
    func `A reset ends a waiting write`(configuration: Configuration) async throws {
        let code = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            let code = Box<SchedulerError.Code?>(nil)
            let writer = Tasklet.spawn("writer") {
                code.value = await schedulerError { try await server.write(chunk: 16 << 20) }?.code
            }
            try await yieldUntil { !writer.isRunnable }
            peer.reset()
            try await writer.join()
            server.close()
            return code.value
        }
        #expect(code == .system)
    }

    @Test(arguments: Configuration.all)
    func `A reset ends a read and a write that wait at the same time`(configuration: Configuration) async throws {
        let code = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            let code = Box<SchedulerError.Code?>(nil)
            // One sees the reset; the other may see only the end.
            let reader = Tasklet.spawn("reader") { _ = await schedulerError { _ = try await server.read(1) } }
            let writer = Tasklet.spawn("writer") {
                code.value = await schedulerError { try await server.write(chunk: 16 << 20) }?.code
            }
            try await yieldUntil { !reader.isRunnable && !writer.isRunnable }
            peer.reset()
            try await reader.join()
            try await writer.join()
            server.close()
            return code.value
        }
        #expect(code == .system)
    }

    @Test(arguments: Configuration.all)
    func `A tasklet that comes to read while another waits to write sees what arrives`(
        configuration: Configuration
    ) async throws {
        let (bytes, isWriting, arrived) = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            let writer = Tasklet.spawn("writer") {
                try await server.write(chunk: 16 << 20)
                server.close()
            }
            try await yieldUntil { !writer.isRunnable }
            let bytes = Box<[UInt8]>([])
            let reader = Tasklet.spawn("reader") { bytes.value = try await server.read(5) }
            try await yieldUntil { !reader.isRunnable }
            peer.send(Array("hello".utf8))
            try await reader.join()
            let isWriting = writer.isAlive
            let arrived = try await peer.readToEnd()
            try await writer.join()
            peer.close()
            return (bytes.value, isWriting, arrived.count)
        }
        #expect(bytes == Array("hello".utf8))
        #expect(isWriting)
        #expect(arrived == 16 << 20)
    }

    @Test(arguments: Configuration.all)
    func `A peer that sends no more still receives everything`(configuration: Configuration) async throws {
        let count = 16 << 20
        let outcome = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            peer.send(Array("more?".utf8))
            peer.stopSending()
            let question = try await server.readToEnd(by: 3)
            let writer = Tasklet.spawn("writer") {
                try await server.write(chunk: count)
                server.close()
            }
            // The buffers are full.
            try await yieldUntil { !writer.isRunnable }
            let end = try await server.read(1)
            let arrived = try await peer.readToEnd()
            try await writer.join()
            peer.close()
            return (String(decoding: question, as: UTF8.self), end, TCPStream.isChunk(arrived, count))
        }
        #expect(outcome.0 == "more?")
        #expect(outcome.1 == [])
        #expect(outcome.2)
    }

    /// A read stops before an urgent byte with more behind it.
    @Test(arguments: Configuration.all)
    func `Data behind urgent data is not forgotten`(configuration: Configuration) async throws {
        let text = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            var text = ""
            for round in 0..<3 {
                peer.send(Array("before\(round)".utf8))
                peer.send([33], isUrgent: true)
                peer.send(Array("behind\(round)".utf8))
                while !text.hasSuffix("behind\(round)") {
                    text += String(decoding: try await server.read(100, deadline: nil), as: UTF8.self)
                }
            }
            peer.close()
            server.close()
            return text
        }
        #expect(text == "before0behind0before1behind1before2behind2")
    }

    @Test(arguments: Configuration.all)
    func `A connection that is reset before it is accepted does no harm`(configuration: Configuration) async throws {
        let bytes = try await configuration.run {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            try RawPeer(port: listener.port).reset()
            let client = try await TCPStream.connect(host: "127.0.0.1", port: listener.port)
            try await client.write("x")
            var server = try await listener.accept()
            // Linux returns the reset connection from accept(2), too.
            while (try? await server.read(1)) != Array("x".utf8) { server = try await listener.accept() }
            let connection = Connection(listener: listener, client: client, server: server)
            let bytes = try await connection.bounce(10)
            connection.close()
            return bytes
        }
        #expect(bytes == Pattern.bytes(10))
    }
}
