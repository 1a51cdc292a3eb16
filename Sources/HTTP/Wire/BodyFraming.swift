// SPDX-License-Identifier: Apache-2.0

/// How a message delimits its body.
package enum BodyFraming: Sendable, Equatable {
    /// There is no body.
    case none
    /// Content-Length: the body has this many bytes.
    case length(Int)
    /// Transfer-Encoding: the body comes in chunks, each with its size.
    case chunked
    /// The end of the connection ends the body; responses only.
    case untilClose
}
