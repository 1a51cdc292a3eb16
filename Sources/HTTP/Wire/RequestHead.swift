// SPDX-License-Identifier: Apache-2.0

/// The head of a request, as places in the bytes that it was read from.
///
/// All places count from the first byte that the parser was given, and hold as long as these bytes stay as they are.
package struct RequestHead: Sendable, Equatable {
    /// What is asked for.
    package var method: HTTPMethod
    /// The method's name, which tells what ``HTTPMethod/other`` stands for.
    package var methodName: Range<Int>
    /// Which form the target has.
    package var form: RequestTarget
    /// What it is asked of, as it was sent.
    package var target: Range<Int>
    /// How the message is to be understood.
    package var version: HTTPVersion
    /// Which host is asked; may be empty, and nil in HTTP/1.0.
    ///
    /// Where the target is a URL, its host counts and this one does not.
    package var host: Range<Int>?
    /// The fields, in the order in which they were sent.
    package var fields: HTTPFields
    /// Where the body ends: never with the connection.
    package var framing: BodyFraming
    /// Whether the client wants to send another request on this connection.
    package var keepsAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    package var expectsContinue: Bool
    /// How many bytes the head has: the body begins there.
    package var length: Int
}
