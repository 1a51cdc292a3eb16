// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// A client's connections: how many are in use to each host, who waits to have one, and which are idle.
///
/// A tasklet enters, takes a connection that is idle or opens one, and leaves. What is removed with the lock held is let go of,
/// and whoever waits is woken, without it.
final class ConnectionPool: Sendable {
    private let hosts = Guarded<[HostKey: HostConnections]>([:])
    private let most: Int
    private let idleTime: Duration

    /// - Parameters:
    ///   - most: connections to one host, those in use and the idle ones together.
    ///   - idleTime: how long an idle one may be used again. Those that are older are let go of when a new one is taken.
    init(most: Int, idleTime: Duration) {
        self.most = most
        self.idleTime = idleTime
    }

    /// Gets the right to a connection to a host, waiting until others have left if need be.
    ///
    /// Whoever has it takes a connection, and leaves.
    ///
    /// - Throws: ``SchedulerError`` with code `timedOut`; or what was thrown into the tasklet while it waited.
    func enter(_ host: HostKey, until deadline: ContinuousClock.Instant?) async throws {
        guard let turn = hosts.withLock({ $0[host, default: .init()].enter(most) }) else { return }
        do {
            guard try await turn.value(until: deadline) else {
                throw SchedulerError(.timedOut, "waiting for a connection: the deadline has passed")
            }
        } catch {
            hosts.withLock { $0[host]?.giveUp(turn) }?.fulfill(true)
            throw error
        }
    }

    /// Takes an idle connection, the one that was used last; or nil, and there is room to open one.
    ///
    /// - Parameter isNew: whether an idle one is not good enough.
    func take(to host: HostKey, isNew: Bool) -> HTTPConnection? {
        let oldest = ContinuousClock.now - idleTime
        let (idle, _) = hosts.withLock { hosts -> (HTTPConnection?, [HTTPConnection]) in
            if !isNew, let idle = hosts[host]?.takeIdle(since: oldest) { return (idle, []) }
            let superfluous = hosts[host]?.reserve(most) ?? []
            return (nil, superfluous + Self.removeIdle(before: oldest, from: &hosts))
        }
        return idle
    }

    /// Leaves, and leaves the connection here, where that is of further use.
    func leave(_ host: HostKey, keeping connection: HTTPConnection?) {
        connection?.shrink()
        hosts.withLock { $0[host]?.leave(connection) }?.fulfill(true)
    }

    /// Closes all idle connections.
    func closeIdle() {
        _ = hosts.withLock { Self.removeIdle(before: nil, from: &$0) }
    }

    private static func removeIdle(
        before oldest: ContinuousClock.Instant?,
        from hosts: inout [HostKey: HostConnections]
    ) -> [HTTPConnection] {
        var removed: [HTTPConnection] = []
        for host in hosts.keys {
            removed += hosts[host]?.removeIdle(before: oldest) ?? []
            if hosts[host]?.isUnused == true { hosts[host] = nil }
        }
        return removed
    }
}

extension OneShot<Bool> {
    /// The value; false where it has not come until then.
    fileprivate func value(until deadline: ContinuousClock.Instant?) async throws -> Bool {
        guard let deadline else { return try await value() }
        return try await value(until: deadline) ?? false
    }
}
