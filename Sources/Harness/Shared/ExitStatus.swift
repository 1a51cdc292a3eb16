// SPDX-License-Identifier: Apache-2.0

/// The exit status of `bench`; scripts depend on the numbers.
package enum ExitStatus: Int32, Sendable {
    case success = 0
    /// A trial failed; the report is written all the same.
    case trialFailed = 1
    /// The command line, or a path in it, cannot be used.
    case usage = 2
    /// A comparison of two runs found a metric that is worse.
    case regression = 3
    /// A signal stopped the run; the report covers what was measured before.
    case interrupted = 130
}
