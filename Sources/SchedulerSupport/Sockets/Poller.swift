// SPDX-License-Identifier: Apache-2.0

/// What tells a backend's sockets when they are worth another attempt.
///
/// All but `calls` in the scheduler's order, or with its lock held.
package protocol Poller: AnyObject, Sendable {
    /// Whether one tasklet runs at a time: then sockets may note what they know of the kernel's side.
    var isOrdered: Bool { get }

    /// Has ``SocketEndpoint/becameReady(_:isOdd:)`` called when the side is worth an attempt, at least once from now
    /// on.
    ///
    /// Throws ``SchedulerError`` with code `system`.
    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) throws

    /// Nobody waits on that side any more.
    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side)

    /// Forgets the endpoint, and closes its descriptor.
    func close(_ endpoint: SocketEndpoint, _ descriptor: CInt)

    /// The system calls that sockets make.
    var calls: SocketCalls { get }
}
