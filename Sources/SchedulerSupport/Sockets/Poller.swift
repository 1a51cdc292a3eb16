// SPDX-License-Identifier: Apache-2.0

/// Tells a backend's sockets when they are worth another attempt.
///
/// Everything but `calls` is used with the scheduler's lock held.
package protocol Poller: AnyObject, Sendable {
    /// Whether sockets remember their readiness between operations.
    ///
    /// Only where one tasklet runs at a time: there an operation and the poller do not overlap.
    var remembersReadiness: Bool { get }

    /// Calls ``SocketEndpoint/becameReady(_:isExceptional:)`` when the side is worth an attempt, at least once from now
    /// on.
    ///
    /// Throws ``SchedulerError`` with code `system`.
    func watch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side) throws

    /// No tasklet waits on that side any more.
    func unwatch(_ endpoint: SocketEndpoint, _ side: SocketEndpoint.Side)

    /// Forgets the endpoint, and closes its descriptor.
    func close(_ endpoint: SocketEndpoint, _ descriptor: CInt)

    /// Makes the sockets' system calls.
    var calls: SocketCalls { get }
}
