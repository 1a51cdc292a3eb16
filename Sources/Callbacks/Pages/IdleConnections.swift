// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Tasklets

/// The connections that a reactor keeps for its next requests, the most recently used one of a host first.
///
/// Used by the reactor's callbacks, one after the other, and when it has ended.
final class IdleConnections: Sendable {
    private let connections = Guarded<[HostKey: [HTTPConnection]]>([:])
    /// As many as an `HTTPClient` has.
    private static let limit = 256

    /// Takes one that has received nothing since its last response; closes others that it comes across.
    func take(to host: HostKey) -> HTTPConnection? {
        while let connection = connections.withLock({ $0[host]?.popLast() }) {
            if connection.isQuiet() { return connection }
            connection.close()
        }
        return nil
    }

    /// Keeps one that can be used again, and closes every other.
    func keep(_ connection: HTTPConnection, to host: HostKey) {
        // Not later: shrinking discards the response, which tells.
        let isReusable = connection.isReusable
        connection.shrink()
        let isKept = connections.withLock { all in
            guard isReusable, all[host, default: []].count < Self.limit else { return false }
            all[host, default: []].append(connection)
            return true
        }
        if !isKept { connection.close() }
    }

    /// Closes all.
    func close() {
        let all = connections.withLock { all in
            defer { all = [:] }
            return all.values.joined().map { $0 }
        }
        for connection in all { connection.close() }
    }
}
