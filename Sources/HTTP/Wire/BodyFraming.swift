// SPDX-License-Identifier: Apache-2.0

/// How a message says where its body ends.
package enum BodyFraming: Sendable, Equatable {
    /// There is no body.
    case none
    /// It has this many bytes: Content-Length.
    case length(Int)
    /// It comes in chunks, each with its length: Transfer-Encoding.
    case chunked
    /// It ends with the connection; responses only.
    case untilClose
}
