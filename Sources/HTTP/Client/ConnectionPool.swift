// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// A client's connections: for each host, how many are open, which of them are idle, and who waits for one.
///
/// A tasklet acquires a slot, takes an idle connection or opens one, and releases the slot. Connections are closed and
/// waiters woken outside the lock.
final class ConnectionPool: Sendable {
    private let hosts = Guarded<[HostKey: HostConnections]>([:])
    private let limit: Int
    private let idleTime: Duration

    /// - Parameters:
    ///   - limit: the maximum number of open connections per host, idle ones included.
    ///   - idleTime: how long an idle connection stays reusable. Expired ones are closed when a new one is about to
    ///     open.
    init(limit: Int, idleTime: Duration) {
        self.limit = limit
        self.idleTime = idleTime
    }

    /// Acquires a slot for a connection to a host, and waits for one while all are taken.
    ///
    /// Every successful call must be balanced by one call of ``release(_:keeping:)``.
    ///
    /// - Throws: ``SchedulerError`` with code `timedOut`, or the error thrown into the waiting tasklet.
    func acquire(_ host: HostKey, until deadline: ContinuousClock.Instant?) async throws {
        guard let waiter = hosts.withLock({ $0[host, default: .init()].acquire(limit) }) else { return }
        do {
            guard try await waiter.value(until: deadline) else {
                throw SchedulerError(.timedOut, "the deadline passed while waiting for a connection")
            }
        } catch {
            hosts.withLock { $0[host]?.cancel(waiter) }?.fulfill(true)
            throw error
        }
    }

    /// Takes the most recently used idle connection.
    ///
    /// Returns nil if there is none, and then the caller may open one.
    ///
    /// - Parameter isNew: if true, idle connections are not used.
    func take(to host: HostKey, isNew: Bool) -> HTTPConnection? {
        let oldest = ContinuousClock.now - idleTime
        let (idle, _) = hosts.withLock { hosts -> (HTTPConnection?, [HTTPConnection]) in
            if !isNew, let idle = hosts[host]?.takeIdle(since: oldest) { return (idle, []) }
            let evicted = hosts[host]?.reserve(limit) ?? []
            return (nil, evicted + Self.removeIdle(before: oldest, from: &hosts))
        }
        return idle
    }

    /// Releases a slot.
    ///
    /// A connection that can be reused becomes idle.
    func release(_ host: HostKey, keeping connection: HTTPConnection?) {
        connection?.shrink()
        hosts.withLock { $0[host]?.release(connection) }?.fulfill(true)
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
    /// The value, or false if the deadline passes first.
    fileprivate func value(until deadline: ContinuousClock.Instant?) async throws -> Bool {
        guard let deadline else { return try await value() }
        return try await value(until: deadline) ?? false
    }
}
