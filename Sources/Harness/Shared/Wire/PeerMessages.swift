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

    /// Whether its runtime uses as many processors as it may; nil for no.
    package var parallel: Bool?
    /// Whether it is no runtime, but the least that any could do; nil for no.
    package var floor: Bool?

    /// The version that this build speaks.
    package static let version = 1
}

/// What a peer is asked, a line each.
enum PeerOrder {
    /// Listen, and serve from then on.
    static let listen = "listen"

    /// Perform the workload a number of times.
    static func run(_ times: Int) -> String { "run \(times)" }
}

/// A peer's answer to a line.
struct PeerReply: Sendable, Equatable, Codable {
    /// How long the runs took together.
    var nanoseconds: UInt64?
    /// The answer of every run.
    var answer: Int?
    /// The memory of a workload that measures that.
    var bytes: UInt64?
    /// How late each deadline of all runs was, in nanoseconds.
    var lateness: [UInt64]?
    /// What arming and cancelling a deadline takes, in nanoseconds.
    var armAndCancel: Double?
    /// Where it listens.
    var port: Int?
    /// The process that serves; nil if it is the one that was started.
    var pid: Int32?
    /// Why there is no answer.
    var error: String?

    private enum CodingKeys: String, CodingKey {
        case nanoseconds, answer, bytes, lateness, port, pid, error
        case armAndCancel = "arm-cancel"
    }
}
