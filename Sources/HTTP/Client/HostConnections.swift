// SPDX-License-Identifier: Apache-2.0

internal import Tasklets

/// A host and a port, which connections are made to.
struct HostKey: Hashable, Sendable {
    private let host: String
    private let port: Int

    /// Those of a URL.
    init(_ url: PageURL) {
        host = url.host.lowercased()
        port = url.port
    }
}

/// The connections to one host.
///
/// Invariant: `open <= most`, for every connection belongs to one that has entered, or is idle; and those that have entered
/// and do not have one yet find an idle one, or room for a new one.
struct HostConnections {
    private struct Idle {
        var connection: HTTPConnection
        var since: ContinuousClock.Instant
    }

    /// The one that was used last is the last one.
    private var idle: [Idle] = []
    /// All connections, the idle ones and those that are about to be opened included.
    private var open = 0
    /// How many have entered.
    private var inside = 0
    /// Whoever waits to enter, in the order in which they came; there is nobody where fewer than the most have entered.
    private var waiting: [OneShot<Bool>] = []

    /// Nobody has or wants a connection.
    var isUnused: Bool { open == 0 && inside == 0 }

    /// Lets one enter; or says what it has to wait for.
    mutating func enter(_ most: Int) -> OneShot<Bool>? {
        guard inside >= most else {
            inside += 1
            return nil
        }
        let turn = OneShot<Bool>()
        waiting.append(turn)
        return turn
    }

    /// One leaves that has taken a connection, and may leave it here; says whose turn it is now.
    mutating func leave(_ connection: HTTPConnection?) -> OneShot<Bool>? {
        if let connection { idle.append(Idle(connection: connection, since: .now)) } else { open -= 1 }
        return passTurn()
    }

    /// One does not wait any more, though its turn may have come meanwhile; says whose it is then.
    mutating func giveUp(_ turn: OneShot<Bool>) -> OneShot<Bool>? {
        guard let index = waiting.firstIndex(where: { $0 === turn }) else { return passTurn() }
        waiting.remove(at: index)
        return nil
    }

    private mutating func passTurn() -> OneShot<Bool>? {
        if !waiting.isEmpty { return waiting.removeFirst() }
        inside -= 1
        return nil
    }

    // MARK: - Connections

    /// Takes the connection that was used last, unless that is too long ago.
    mutating func takeIdle(since oldest: ContinuousClock.Instant) -> HTTPConnection? {
        guard let last = idle.last, last.since > oldest else { return nil }
        idle.removeLast()
        return last.connection
    }

    /// Counts a connection that is about to be opened; returns the idle one that has to go for it.
    mutating func reserve(_ most: Int) -> [HTTPConnection] {
        open += 1
        return open > most ? removeIdle(1) : []
    }

    /// Removes those that were used last before some instant, or all.
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
