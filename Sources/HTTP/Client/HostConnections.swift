// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// The host and port that a connection leads to.
struct HostKey: Hashable, Sendable {
    private let host: String
    private let port: Int

    /// The host and port of a URL.
    init(_ url: PageURL) {
        host = url.host.lowercased()
        port = url.port
    }
}

/// The connections to one host.
///
/// Invariant: `open <= limit`. Every open connection is idle or belongs to a slot that has been acquired, and the
/// owner of a slot without a connection finds an idle one or room for a new one.
struct HostConnections {
    private struct Idle {
        var connection: HTTPConnection
        var since: ContinuousClock.Instant
    }

    /// The most recently used one is last.
    private var idle: [Idle] = []
    /// The number of connections: idle, in use, and about to be opened.
    private var open = 0
    /// The number of acquired slots.
    private var acquired = 0
    /// The waiters, in order of arrival.
    ///
    /// Empty while slots are free.
    private var waiting: [OneShot<Bool>] = []

    /// Whether there are no connections, no acquired slots and no waiters.
    var isUnused: Bool { open == 0 && acquired == 0 }

    /// Acquires a slot and returns nil, or returns the waiter to park on.
    mutating func acquire(_ limit: Int) -> OneShot<Bool>? {
        guard acquired >= limit else {
            acquired += 1
            return nil
        }
        let waiter = OneShot<Bool>()
        waiting.append(waiter)
        return waiter
    }

    /// Releases a slot and keeps the connection if there is one.
    ///
    /// Returns the waiter that inherits the slot.
    mutating func release(_ connection: HTTPConnection?) -> OneShot<Bool>? {
        if let connection { idle.append(Idle(connection: connection, since: .now)) } else { open -= 1 }
        return passSlot()
    }

    /// Removes a waiter.
    ///
    /// If it has just inherited a slot, the slot passes on, to the waiter that is returned.
    mutating func cancel(_ waiter: OneShot<Bool>) -> OneShot<Bool>? {
        guard let index = waiting.firstIndex(where: { $0 === waiter }) else { return passSlot() }
        waiting.remove(at: index)
        return nil
    }

    private mutating func passSlot() -> OneShot<Bool>? {
        if !waiting.isEmpty { return waiting.removeFirst() }
        acquired -= 1
        return nil
    }

    // MARK: - Connections

    /// Takes the most recently used connection if it has not expired.
    mutating func takeIdle(since oldest: ContinuousClock.Instant) -> HTTPConnection? {
        guard let last = idle.last, last.since > oldest else { return nil }
        idle.removeLast()
        return last.connection
    }

    /// Counts a connection that is about to be opened.
    ///
    /// Returns the idle one that must be closed to make room.
    mutating func reserve(_ limit: Int) -> [HTTPConnection] {
        open += 1
        return open > limit ? removeIdle(1) : []
    }

    /// Removes the connections last used before an instant, or all of them.
    mutating func removeIdle(before oldest: ContinuousClock.Instant?) -> [HTTPConnection] {
        removeIdle(idle.count { idle in oldest.map { idle.since <= $0 } ?? true })
    }

    private mutating func removeIdle(_ count: Int) -> [HTTPConnection] {
        defer {
            idle.removeFirst(count)
            open -= count
        }
        return idle.prefix(count).map(\.connection)
    }
}
