// SPDX-License-Identifier: Apache-2.0

/// The head of a response, as ranges in the bytes that it was parsed from.
///
/// All indices count from the first byte passed to the parser, and are valid while those bytes stay in place.
package struct ResponseHead: Sendable, Equatable {
    /// The version that the message is interpreted by.
    package var version: HTTPVersion
    /// The status.
    package var status: HTTPStatus
    /// The reason phrase, which carries no meaning; may be empty.
    package var reason: Range<Int>
    /// The fields, in the order sent.
    package var fields: HTTPFields
    /// The body's framing.
    package var framing: BodyFraming
    /// Whether the server accepts another request on this connection.
    package var keepsAlive: Bool
    /// The length of the head in bytes; the body begins there.
    package var length: Int
}
