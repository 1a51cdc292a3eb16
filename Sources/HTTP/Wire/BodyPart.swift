// SPDX-License-Identifier: Apache-2.0

/// The next part of a body, in the bytes passed to a ``BodyDecoder``.
package enum BodyPart: Sendable, Equatable {
    /// More bytes are needed. The first `dropping` bytes are consumed.
    case needsMore(dropping: Int)
    /// These bytes belong to the body. They and everything before them are consumed.
    case data(Range<Int>)
    /// The body ends, and the next message begins after `length` bytes. The trailers follow the body.
    case end(trailers: HTTPFields, length: Int)

    /// The number of bytes consumed; the next call takes those after them.
    package var length: Int {
        switch self {
        case .needsMore(let length), .end(_, let length): length
        case .data(let range): range.upperBound
        }
    }
}
