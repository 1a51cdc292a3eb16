// SPDX-License-Identifier: Apache-2.0

/// Why a head was not written.
package enum WriteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The buffer has not enough room. With a larger one it would have been written.
    case noRoom
    /// A method, a target or a field would have been read as something else: it has a character that may not stand there.
    case malformed

    /// One sentence.
    package var description: String {
        switch self {
        case .noRoom: "the head is longer than the buffer"
        case .malformed: "a method, target or field of the head has a character that may not stand there"
        }
    }
}
