// SPDX-License-Identifier: Apache-2.0

/// What comes next of a body, in the bytes that a ``BodyDecoder`` was given.
package enum BodyPart: Sendable, Equatable {
    /// Nothing before more bytes are received. The first ones, this many, are done with.
    case needsMore(dropping: Int)
    /// These bytes are of the body. They and those before them are done with.
    case data(Range<Int>)
    /// The body is over, and the next message begins after this many bytes. The fields are those that came after it.
    case end(trailers: HTTPFields, length: Int)

    /// How many bytes are done with: the next call is to be given those after them.
    package var length: Int {
        switch self {
        case .needsMore(let length), .end(_, let length): length
        case .data(let range): range.upperBound
        }
    }
}
