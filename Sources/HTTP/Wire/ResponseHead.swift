// SPDX-License-Identifier: Apache-2.0

/// The head of a response, as places in the bytes that it was read from.
///
/// All places count from the first byte that the parser was given, and hold as long as these bytes stay as they are.
package struct ResponseHead: Sendable, Equatable {
    /// How the message is to be understood.
    package var version: HTTPVersion
    /// What became of the request.
    package var status: HTTPStatus
    /// The server's words for it, which mean nothing; may be empty.
    package var reason: Range<Int>
    /// The fields, in the order in which they were sent.
    package var fields: HTTPFields
    /// Where the body ends.
    package var framing: BodyFraming
    /// Whether the server takes another request on this connection.
    package var keepsAlive: Bool
    /// How many bytes the head has: the body begins there.
    package var length: Int
}
