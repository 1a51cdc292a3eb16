// SPDX-License-Identifier: Apache-2.0

/// A peer did not do what the protocol asks of it.
struct PeerFailure: Error, CustomStringConvertible {
    /// A sentence.
    let description: String

    /// - Parameter reason: what the peer did.
    init(_ reason: String) { description = "the peer \(reason)" }
}
