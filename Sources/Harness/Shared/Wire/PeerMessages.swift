// SPDX-License-Identifier: Apache-2.0

/// What a peer says about itself; see `scripts/peers/README.md`.
package struct PeerAnnouncement: Sendable, Equatable, Codable {
    /// The version of the protocol that it speaks.
    package var `protocol`: Int
    /// Its name.
    package var name: String
    /// The version of its runtime.
    package var version: String
    /// The workloads that it can do.
    package var workloads: [String]

    /// The version that this build speaks.
    package static let version = 1
}

/// A peer's answer to a line.
struct PeerReply: Sendable, Equatable, Codable {
    /// How long the runs took together.
    var nanoseconds: UInt64?
    /// The answer of every run.
    var answer: Int?
    /// The memory of a workload that measures that.
    var bytes: UInt64?
    /// Why there is no answer.
    var error: String?
}
