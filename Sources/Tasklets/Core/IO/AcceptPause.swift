// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How long to wait before accepting again after a failure.
///
/// When no descriptor was left for another connection, that stays in the kernel's queue, which reports it again at
/// once; and the kernel does not report that there are descriptors again. So the pauses grow, as in Go's `net/http`.
/// The alternative is to keep a spare descriptor, and to drop connections with it (libuv); but a connection that waits
/// may still be served.
///
/// accept(2) also passes on what happened to a connection before it was accepted, which says nothing of the next one.
package struct AcceptPause {
    private var next = Duration.milliseconds(5)
    private static let longest = Duration.seconds(1)
    /// The failures of connections so far, one after another.
    private var failedConnections = 0
    /// How many connections may fail without a pause: where all do, such as under a filter of system calls, accepting
    /// would keep the thread busy.
    private static let failuresWithoutPause = 128

    /// The shortest pause comes first.
    package init() {}

    /// The next pause, twice the last, up to a second.
    package mutating func grow() -> Duration {
        defer { next = min(next * 2, Self.longest) }
        return next
    }

    /// The pause after an errno; zero to try again at once, and nil where the listener itself has failed.
    package mutating func next(after code: Int) -> Duration? {
        if Self.shortages.contains(CInt(code)) { return grow() }
        guard Self.failuresOfConnections.contains(CInt(code)) else { return nil }
        failedConnections += 1
        return failedConnections > Self.failuresWithoutPause ? grow() : .zero
    }

    private static let shortages = [EMFILE, ENFILE, ENOBUFS, ENOMEM]

    /// accept(2): "Linux accept() passes already-pending network errors on the new socket [...] treat them like EAGAIN
    /// by retrying"; ETIMEDOUT and EPERM, which is a firewall's, are the connection's as well.
    private static let failuresOfConnections = [
        ECONNABORTED, EPROTO, EPERM, ETIMEDOUT, ENETDOWN, ENETUNREACH, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH,
        EOPNOTSUPP,
    ]
}
