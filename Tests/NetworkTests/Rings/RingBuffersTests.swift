// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// What arrives when the ring has few buffers, or a reader takes its time.
@Suite struct `Buffers of a ring` {
    @Test(arguments: Configuration.rings)
    func `When all are in use, nothing is lost, and every stream gets on`(configuration: Configuration) async throws {
        let (connections, size) = (50, 20_000)
        let all = try await configuration.runWithRing(buffers: 2) {
            let listener = try await TCPListener.bind(host: "127.0.0.1", port: 0)
            let all = Log()
            var peers: [RawPeer] = []
            for _ in 0..<connections {
                peers.append(try RawPeer(port: listener.port))
                let server = try await listener.accept()
                Tasklet.spawn("reader") {
                    all.add(try await server.readToEnd(by: 1 << 16) == Pattern.bytes(size) ? "whole" : "wrong")
                }
            }
            listener.close()
            try await Tasklet.schedule()
            for peer in peers { peer.send(Pattern.bytes(size)) }
            for peer in peers { peer.close() }
            try await yieldUntil { all.all.count == connections }
            return all.all
        }
        #expect(all == Array(repeating: "whole", count: connections))
    }

    /// The kernel's buffers take a few megabytes; without a limit, the stream would take all.
    @Test(arguments: Configuration.rings)
    func `A peer is held up when a stream's reader does not read, and everything arrives later`(
        configuration: Configuration
    ) async throws {
        let most = 256 << 20
        let (sent, received) = try await configuration.runWithRing {
            let (server, peer) = try await RawPeer.connect()
            // From here on the kernel receives for the stream, whether anybody reads or not.
            peer.send([0])
            _ = try await server.read(1)
            peer.send([0])
            _ = try await server.read(1)
            let chunk = [UInt8](repeating: 7, count: 1 << 16)
            var (sent, turnsInVain) = (0, 0)
            while sent < most, turnsInVain < 1000 {
                let count = send(peer.descriptor, chunk, chunk.count, CInt(MSG_DONTWAIT))
                if count > 0 { sent += count }
                turnsInVain = count > 0 ? 0 : turnsInVain + 1
                try await Tasklet.schedule()
            }
            peer.close()
            var received = 0
            while true {
                let part = try await server.read(1 << 16, deadline: nil)
                if part.isEmpty { break }
                received += part.allSatisfy { $0 == 7 } ? part.count : most
            }
            server.close()
            return (sent, received)
        }
        #expect(sent < most / 2)
        #expect(received == sent)
    }
}
