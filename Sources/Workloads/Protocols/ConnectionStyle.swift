// SPDX-License-Identifier: Apache-2.0

/// How the server's side of a connection is written.
enum ConnectionStyle: String, CaseIterable, Sendable {
    /// Straight-line code in a tasklet, which waits for the socket.
    case tasklets
    /// Straight-line code in a tasklet, which waits for what the reactor's callbacks deliver through a channel.
    case protocols
    /// Callbacks of the reactor alone.
    case callbacks
}
