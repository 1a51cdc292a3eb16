// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tasklets
import TestSupport
import Testing

/// Connections with tiny kernel buffers, and readers with tiny buffers.
@Suite struct `Tiny buffers` {
    @Test(arguments: Configuration.all)
    func `Every byte arrives`(configuration: Configuration) async throws {
        let count = 30_000
        let bytes = try await configuration.run {
            let connection = try await Connection.open()
            try connection.shrink()
            let writer = Tasklet.spawn("writer") {
                try await connection.client.write(Pattern.bytes(count))
                connection.client.close()
            }
            try await yieldUntil { !writer.isRunnable }
            var bytes: [UInt8] = []
            for _ in 0..<500 { bytes += try await connection.server.read(1) }
            bytes += try await connection.server.readToEnd(by: 700)
            try await writer.join()
            connection.close()
            return bytes
        }
        #expect(bytes == Pattern.bytes(count))
    }
}

extension Connection {
    /// Makes the kernel's buffers as small as it allows.
    fileprivate func shrink() throws {
        for (from, to) in [(client, server), (server, client)] {
            let descriptor = try #require(OpenSockets.descriptor(from: from.localPort, to: to.localPort))
            for option in [SO_SNDBUF, SO_RCVBUF] {
                var size: CInt = 1
                setsockopt(descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<CInt>.size))
            }
        }
    }
}
