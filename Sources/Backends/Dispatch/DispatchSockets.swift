// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import SchedulerSupport
internal import Tasklets

/// The sockets of one scheduler, which ``DispatchReadiness`` watches.
final class DispatchSockets: Poller, @unchecked Sendable {
    // SAFETY: touched with the scheduler's lock held.
    let remembersReadiness: Bool
    let calls: SocketCalls
    private var readiness: DispatchReadiness?
    private var controls: UInt64 = 0

    init(remembersReadiness: Bool, _ faults: SocketFaults?) {
        self.remembersReadiness = remembersReadiness
        calls = SocketCalls(faults)
    }

    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) throws {
        let readiness = try readiness ?? DispatchReadiness.shared()
        self.readiness = readiness
        if try readiness.arm(endpoint, side) { controls += 1 }
    }

    /// An event that comes nevertheless finds no waiter.
    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) {}

    func close(_ endpoint: SocketEndpoint, _ descriptor: CInt) {
        readiness?.forget(endpoint)
        linux_close(descriptor)
    }

    var systemCalls: [String: UInt64] {
        var all = calls.counts
        if controls > 0 { all["epoll_ctl"] = controls }
        return all
    }
}
