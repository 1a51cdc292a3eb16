// SPDX-License-Identifier: Apache-2.0

/// What is to go wrong at a system call on a socket.
package enum SocketFault: Sendable {
    /// The call is not made, and fails with that errno.
    case failure(CInt)
    /// The call is made, and a signal seems to have interrupted it.
    case interruption
    /// The call is made for so many bytes at the most.
    case limit(Int)
}

/// Asked before every system call that an operation makes on a socket, in the thread that makes it; nil lets it pass.
///
/// Only where the backend makes the call itself: those that SwiftNIO makes for its channels do not come here.
package typealias SocketFaults = @Sendable (Operation) -> SocketFault?
