// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// Everything that a report is made from.
package struct RunReport: Sendable {
    /// The machine and the build.
    package var environment: EnvironmentRecord
    /// What was to be run.
    package var plan: Plan
    /// What the others are compared with.
    package var baseline: Baseline
    /// What the machine's primitives cost; nil where that could not be measured.
    package var calibration: Calibration?
    /// Why there is no calibration, where that is known.
    package var calibrationFailure: String?
    /// What has run.
    package var records: [TrialRecord]
    /// Whether the run was interrupted.
    package var isInterrupted: Bool
    /// The profiles that were taken afterwards.
    package var profiles: [ProfileEntry]

    /// Collects what a report is made from.
    package init(
        environment: EnvironmentRecord,
        plan: Plan,
        baseline: Baseline,
        calibration: Calibration?,
        records: [TrialRecord],
        isInterrupted: Bool = false,
        profiles: [ProfileEntry] = []
    ) {
        self.environment = environment
        self.plan = plan
        self.baseline = baseline
        self.calibration = calibration
        self.records = records
        self.isInterrupted = isInterrupted
        self.profiles = profiles
    }

    /// The rows of `results.csv`.
    package var rows: [ResultRow] { Summary(of: records, cells: plan.cells, baseline: baseline).rows }
}

/// `run.json`: what was asked, so that it can be asked again.
package struct RunDescription: Sendable, Equatable, Codable {
    /// Grows when the meaning of a field changes.
    package var version = 1
    /// The command line.
    package var arguments: [String]
    /// What was to be run, with the seed.
    package var plan: Plan
    /// What the others are compared with.
    package var baseline: Baseline
    /// What the machine's primitives cost.
    package var calibration: Calibration?

    /// Creates a description.
    package init(arguments: [String], plan: Plan, baseline: Baseline, calibration: Calibration?) {
        self.arguments = arguments
        self.plan = plan
        self.baseline = baseline
        self.calibration = calibration
    }
}
