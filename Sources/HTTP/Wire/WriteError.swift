// SPDX-License-Identifier: Apache-2.0

/// Why a head was not written.
package enum WriteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The buffer is too small.
    case noRoom
    /// A method, target or field contains a character that a peer would parse as something else.
    case malformed

    /// A sentence without a full stop.
    package var description: String {
        switch self {
        case .noRoom: "the head is longer than the buffer"
        case .malformed: "a method, target or field of the head contains a character that is not allowed there"
        }
    }
}
