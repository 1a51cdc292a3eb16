// SPDX-License-Identifier: Apache-2.0

/// The hidden subcommands that the parent runs in child processes.
///
/// The request is the argument, the response a line of JSON on standard output.
package enum ChildCommand: String, Sendable {
    /// A ``Trial`` in, a ``TrialRecord`` out.
    case trial
    /// A ``Trial`` in, then a ``TurnCommand`` a line on standard input, and a ``TurnReply`` a line out for each.
    case turns
    /// A ``SampledTrialRequest`` in, a ``SampledTrialResponse`` out.
    case sampledTrial = "profile-trial"
    /// A ``TracedTrialRequest`` in, a ``TracedTrialResponse`` out.
    case tracedTrial = "trace-trial"
    /// A list of processors in, then a ``LoadProgram`` and a ``LoadOrder`` on standard input for each load, and
    /// ``LoadReply`` lines out there.
    case load
    /// The path and the arguments of a peer's program, which the process becomes; it dies with the thread that started it.
    case peer
    /// Processor numbers in, a ``Calibration`` out.
    case calibrate
    /// Nothing in, ``version`` out.
    case wireVersion = "wire-version"

    /// The version of the requests and responses, and of what the workloads do; two builds can take turns in one run if
    /// theirs are equal.
    package static let version = 3

    /// The public subcommand that sends the requests.
    package var sender: String {
        switch self {
        case .turns, .tracedTrial, .load, .peer, .calibrate, .wireVersion: "bench run"
        case .trial, .sampledTrial: "bench profile"
        }
    }
}
