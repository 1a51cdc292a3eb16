// SPDX-License-Identifier: Apache-2.0

internal import CLinux
package import Tasklets

/// The sockets of one scheduler, which ``DispatchReadiness`` watches.
package final class DispatchSockets: Poller, @unchecked Sendable {
    // SAFETY: touched with the scheduler's lock held.
    package let remembersReadiness: Bool
    package let calls: SocketCalls
    private var readiness: DispatchReadiness?
    private var controls: UInt64 = 0

    package init(remembersReadiness: Bool, _ faults: SocketFaults?) {
        self.remembersReadiness = remembersReadiness
        calls = SocketCalls(faults)
    }

    package func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) throws {
        let readiness = try readiness ?? DispatchReadiness.shared()
        self.readiness = readiness
        if try readiness.arm(endpoint, side) { controls += 1 }
    }

    /// An event that comes nevertheless finds no waiter.
    package func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {}

    package func close(_ endpoint: SocketEndpoint, _ descriptor: CInt) {
        readiness?.forget(endpoint)
        linux_close(descriptor)
    }

    package var systemCalls: [String: UInt64] {
        var all = calls.counts
        if controls > 0 { all["epoll_ctl"] = controls }
        return all
    }
}
