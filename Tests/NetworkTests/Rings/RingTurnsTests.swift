// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// How often a loop with a ring enters the kernel.
@Suite struct `Turns of a ring` {
    @Test(arguments: Configuration.rings)
    func `Tasklets that only switch enter the kernel no more often, though another waits at a socket`(
        configuration: Configuration
    ) async throws {
        let calls = try await configuration.runWithRing {
            let connection = try await Connection.open()
            let reader = Tasklet.spawn { _ = try await connection.server.read(1, deadline: nil) }
            let other = Tasklet.spawn { for _ in 0..<2_000 { try await Tasklet.schedule() } }
            for _ in 0..<1_000 { try await Tasklet.schedule() }
            let before = enters
            for _ in 0..<1_000 { try await Tasklet.schedule() }
            let after = enters
            try await reader.kill()
            try await other.join()
            connection.close()
            return after - before
        }
        #expect(calls == 0)
    }

    @Test(arguments: Configuration.rings)
    func `Messages of many connections share a system call`(configuration: Configuration) async throws {
        let (connections, rounds) = (64, 20)
        let calls = try await configuration.runWithRing {
            var all: [Connection] = []
            for _ in 0..<connections { all.append(try await Connection.open()) }
            let servers = all.map { connection in
                Tasklet.spawn { while try await connection.server.bounceOnce() {} }
            }
            let before = enters
            let clients = all.map { connection in
                Tasklet.spawn {
                    for _ in 0..<rounds {
                        try await connection.client.write([1])
                        _ = try await connection.client.read(1)
                    }
                }
            }
            for client in clients { try await client.join() }
            let after = enters
            for connection in all { connection.client.close() }
            for server in servers { try await server.join() }
            for connection in all { connection.close() }
            return after - before
        }
        // Each round trip is two sends and two receives.
        #expect(calls < UInt64(connections * rounds))
    }

    @Test(arguments: Configuration.rings)
    func `What was written to a closed stream is sent before the run ends`(configuration: Configuration) async throws {
        let descriptor = Box<CInt>(-1)
        async let received = onItsOwnThread { readAll(descriptor) }
        let sent = try await configuration.run {
            let (server, peer) = try await RawPeer.connect()
            let sent = try await server.writeUntilNothingMoves()
            server.close()
            // Only now somebody reads.
            descriptor.value = peer.descriptor
            return sent
        }
        let bytes = try await received
        #expect(bytes.count == sent)
        #expect(bytes.allSatisfy { $0 == 7 })
    }
}

extension TCPStream {
    /// Writes sevens until neither the kernel nor the stream takes more; returns how many.
    fileprivate func writeUntilNothingMoves() async throws -> Int {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 7)
        var (sent, attemptsInVain) = (0, 0)
        while attemptsInVain < 5 {
            let written = try await write(UnsafeRawBufferPointer(bytes), until: .now + .milliseconds(2)).written
            sent += written
            attemptsInVain = written == 0 ? attemptsInVain + 1 : 0
        }
        return sent
    }
}

/// Reads to the end from a descriptor, once there is one.
private func readAll(_ descriptor: Box<CInt>) -> [UInt8] {
    while descriptor.value < 0 { sched_yield() }
    let descriptor = descriptor.value
    defer { close(descriptor) }
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { return all }
        all += piece[..<count]
    }
}

/// How often the calling tasklet's scheduler has entered the kernel.
private var enters: UInt64 { Tasklet.scheduler.counters.systemCalls["io_uring_enter", default: 0] }

extension TCPStream {
    /// Sends back a byte; returns false at the end.
    fileprivate func bounceOnce() async throws -> Bool {
        let bytes = try await read(1, deadline: nil)
        if bytes.isEmpty { return false }
        try await write(bytes)
        return true
    }
}
