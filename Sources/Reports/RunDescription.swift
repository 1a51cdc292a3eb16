// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// `run.json`: the command line, the plan and the calibration, from which a run can be repeated.
package struct RunDescription: Sendable, Equatable, Codable {
    /// The version of this format; increases when the meaning of a field changes.
    package var version = 1
    /// The command line.
    package var arguments: [String]
    /// The plan, with its seed.
    package var plan: Plan
    /// The scheduler that all others are compared with.
    package var baseline: Baseline
    /// The cost of the machine's primitives.
    package var calibration: Calibration?

    /// Creates a description.
    package init(arguments: [String], plan: Plan, baseline: Baseline, calibration: Calibration?) {
        self.arguments = arguments
        self.plan = plan
        self.baseline = baseline
        self.calibration = calibration
    }
}
