// SPDX-License-Identifier: Apache-2.0

/// The head of a request, as ranges in the bytes that it was parsed from.
///
/// All indices count from the first byte passed to the parser, and are valid while those bytes stay in place.
package struct RequestHead: Sendable, Equatable {
    /// The method.
    package var method: HTTPMethod
    /// The method's name, which identifies ``HTTPMethod/other``.
    package var methodName: Range<Int>
    /// The form of the target.
    package var form: RequestTarget
    /// The target as sent.
    package var target: Range<Int>
    /// The version that the message is interpreted by.
    package var version: HTTPVersion
    /// The Host field's value; may be empty, and nil in HTTP/1.0.
    ///
    /// If the target is a URL, its host takes precedence over this one.
    package var host: Range<Int>?
    /// The fields, in the order sent.
    package var fields: HTTPFields
    /// The body's framing; never ``BodyFraming/untilClose``.
    package var framing: BodyFraming
    /// Whether the client wants to send another request on this connection.
    package var keepsAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    package var expectsContinue: Bool
    /// The length of the head in bytes; the body begins there.
    package var length: Int
}
