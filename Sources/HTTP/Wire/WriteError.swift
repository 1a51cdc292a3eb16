// SPDX-License-Identifier: Apache-2.0

/// Why a head was not written.
package enum WriteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The buffer is too small.
    case noRoom
    /// A method, target or field contains a character that a peer would parse as something else; or a status or length
    /// is not one.
    case malformed

    /// A sentence without a full stop.
    package var description: String {
        switch self {
        case .noRoom: "the head is longer than the buffer"
        case .malformed: "a method, target, field, status or length of the head is not valid there"
        }
    }
}
