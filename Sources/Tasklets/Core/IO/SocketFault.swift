// SPDX-License-Identifier: Apache-2.0

/// A fault that a test injects into a system call on a socket.
package enum SocketFault: Sendable {
    /// The call is not made, and fails with that errno.
    case failure(CInt)
    /// The call is made, and reported as interrupted by a signal.
    case interruption
    /// The call is made for at most that many bytes.
    case limit(Int)
}

/// Called before every system call that an operation makes on a socket, on the thread that makes it; nil lets it pass.
///
/// Only for calls that a backend makes itself: SwiftNIO's are not subject to faults.
package typealias SocketFaults = @Sendable (Operation) -> SocketFault?
