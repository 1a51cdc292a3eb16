// SPDX-License-Identifier: Apache-2.0

import Tasklets
import TestSupport
import Testing

@Suite struct `Sockets under a switch trap` {
    /// If it were refused, it would be unknown what it has done.
    ///
    /// With SwiftNIO every write waits for the event loop.
    @Test(arguments: Configuration.withFaults.filter(Configuration.ordered.contains))
    func `An operation that need not wait is not refused`(configuration: Configuration) async throws {
        let bytes = try await configuration.run {
            let connection = try await Connection.open()
            Tasklet.spawn("other") {}
            Tasklet.scheduler.switchTrap = 1
            // More operations than a scheduler performs between two polls.
            for offset in 0..<300 { try await connection.client.write([Pattern.byte(at: offset)]) }
            Tasklet.scheduler.switchTrap = 0
            let bytes = try await connection.server.read(300)
            connection.close()
            return bytes
        }
        #expect(bytes == Pattern.bytes(300))
    }
}
