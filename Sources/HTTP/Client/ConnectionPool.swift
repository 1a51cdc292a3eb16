// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// A client's connections: for each host, how many are open, which of them are idle, and who waits for one.
///
/// A tasklet acquires a slot, takes an idle connection or opens one, and releases the slot. Connections are closed and
/// waiters woken outside the lock. Every operation takes constant time, however many hosts, connections and waiters
/// there are; an expired connection is looked at once, when it is closed.
package final class ConnectionPool: Sendable {
    private let content = Guarded(Content())
    private let limit: Int
    private let idleTime: Duration

    fileprivate struct Content {
        var hosts: [HostKey: HostConnections] = [:]
        /// The idle connections to all hosts; the most recently used one is last.
        ///
        /// So the expired ones are first, and in each host's order as well.
        var idle = TicketQueue<IdleConnection>()
        /// How many connections and waiters of hosts that are forgotten have been looked at.
        var forgottenSteps = 0
    }

    /// - Parameters:
    ///   - limit: the maximum number of open connections per host, idle ones included.
    ///   - idleTime: how long an idle connection stays reusable. Expired ones are closed when a new one is about to
    ///     open.
    package init(limit: Int, idleTime: Duration) {
        self.limit = limit
        self.idleTime = idleTime
    }

    /// Acquires a slot for a connection to a host, and waits for one while all are taken.
    ///
    /// Every successful call must be balanced by one call of ``release(_:keeping:)``.
    ///
    /// - Throws: ``SchedulerError`` with code `timedOut`, or the error thrown into the waiting tasklet.
    package func acquire(_ host: HostKey, until deadline: ContinuousClock.Instant?) async throws {
        guard let waiter = content.withLock({ $0.hosts[host, default: .init()].acquire(limit) }) else { return }
        do {
            guard try await waiter.slot.value(until: deadline) else {
                throw SchedulerError(.timedOut, "the deadline passed while waiting for a connection")
            }
        } catch {
            content.withLock { content in
                defer { content.forgetIfUnused(host) }
                return content.hosts[host]?.cancel(waiter)
            }?.fulfill(true)
            throw error
        }
    }

    /// Takes the most recently used idle connection.
    ///
    /// Returns nil if no connection is idle, and then the caller may open one.
    ///
    /// - Parameter isNew: if true, idle connections are not used.
    package func take(to host: HostKey, isNew: Bool) -> HTTPConnection? {
        let oldest = ContinuousClock.now - idleTime
        let (idle, _) = content.withLock { content -> (HTTPConnection?, [HTTPConnection]) in
            let last = isNew ? nil : content.takeIdle(host)
            if let last, last.since > oldest { return (last.connection, []) }
            // Closed like all others that have expired; the new connection takes its place.
            if last == nil { content.hosts[host]?.open += 1 }
            let expired = (last.map { [$0.connection] } ?? []) + content.removeIdle(before: oldest)
            return (nil, expired + content.makeRoom(host, limit))
        }
        return idle
    }

    /// Releases a slot.
    ///
    /// A connection that can be reused becomes idle.
    package func release(_ host: HostKey, keeping connection: HTTPConnection?) {
        connection?.shrink()
        content.withLock { content in
            if let connection { content.keep(connection, host) } else { content.hosts[host]?.open -= 1 }
            defer { content.forgetIfUnused(host) }
            return content.hosts[host]?.passSlot()
        }?.fulfill(true)
    }

    /// Closes all idle connections.
    package func closeIdle() {
        _ = content.withLock { $0.removeIdle(before: nil) }
    }

    /// How many connections and waiters have been looked at so far, from which a test sees that the operations take
    /// constant time.
    package var steps: Int {
        content.withLock { content in
            content.hosts.values.reduce(content.forgottenSteps + content.idle.steps) { $0 + $1.steps }
        }
    }
}

extension ConnectionPool.Content {
    fileprivate mutating func keep(_ connection: HTTPConnection, _ host: HostKey) {
        let ticket = idle.append(IdleConnection(connection: connection, host: host, since: .now))
        hosts[host]?.idle.append(ticket)
    }

    /// Takes the most recently used idle connection to a host, which still counts as open.
    fileprivate mutating func takeIdle(_ host: HostKey) -> IdleConnection? {
        hosts[host]?.idle.popLast().flatMap { idle.remove($0) }
    }

    /// Removes a host's connection that has been idle longest, if the host has one too many.
    fileprivate mutating func makeRoom(_ host: HostKey, _ limit: Int) -> [HTTPConnection] {
        guard let open = hosts[host]?.open, open > limit, let ticket = hosts[host]?.idle.popFirst() else { return [] }
        hosts[host]?.open -= 1
        return idle.remove(ticket).map { [$0.connection] } ?? []
    }

    /// Removes the connections last used before an instant, or all of them.
    fileprivate mutating func removeIdle(before oldest: ContinuousClock.Instant?) -> [HTTPConnection] {
        var removed: [HTTPConnection] = []
        while let first = idle.first, oldest.map({ first.since <= $0 }) ?? true {
            _ = idle.popFirst()
            _ = hosts[first.host]?.idle.popFirst()
            hosts[first.host]?.open -= 1
            forgetIfUnused(first.host)
            removed.append(first.connection)
        }
        return removed
    }

    fileprivate mutating func forgetIfUnused(_ host: HostKey) {
        guard let connections = hosts[host], connections.isUnused else { return }
        forgottenSteps += connections.steps
        hosts[host] = nil
    }
}

extension OneShot<Bool> {
    /// The value, or false if the deadline passes first.
    fileprivate func value(until deadline: ContinuousClock.Instant?) async throws -> Bool {
        guard let deadline else { return try await value() }
        return try await value(until: deadline) ?? false
    }
}
