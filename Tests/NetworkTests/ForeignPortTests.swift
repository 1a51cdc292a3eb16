// SPDX-License-Identifier: Apache-2.0

import CSwitch
import Foundation
import Glibc
import SchedulerSupport
import Tasklets
import TestSupport
import Testing

/// Threads that run no tasklets may ask for a port at any time.
@Suite struct `A port that another thread asks for` {
    /// A poller that knows who called it.
    private final class Witness: Poller, @unchecked Sendable {
        // SAFETY: the flag is atomic, and the calls are thread-safe.
        let closer = Box<UInt?>(nil)
        let calls = SocketCalls(nil)
        var remembersReadiness: Bool { true }
        func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {}
        func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {}
        func close(_ endpoint: SocketEndpoint, _ descriptor: CInt) {
            closer.value = sw_thread_identity()
            _ = Glibc.close(descriptor)
        }
    }

    /// The thread may be the last to use the descriptor; but the poller belongs to the loop.
    @Test(arguments: Configuration.swappingStacks)
    func `Leaves the closing of the socket to the loop`(configuration: Configuration) async throws {
        let strangers = try await configuration.run {
            guard let core = Tasklet.scheduler as? SchedulerCore else { return -1 }
            let loop = sw_thread_identity()
            var strangers = 0
            for _ in 0..<200 {
                let witness = Witness()
                let number = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
                let endpoint = SocketEndpoint(number, core, witness)
                let asked = Counter()
                let asker = Thread { while endpoint.localPort >= 0 { asked.add() } }
                asker.start()
                while asked.value < 10 { sched_yield() }
                endpoint.close()
                while witness.closer.value == nil { try await Tasklet.schedule() }
                if witness.closer.value != loop { strangers += 1 }
            }
            return strangers
        }
        #expect(strangers == 0)
    }
}
