// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// The data of a report.
///
/// What was measured is fixed when the report is created, and summarized once: every file and table of the report shows
/// the same rows.
package struct RunReport: Sendable {
    /// The plan.
    package let plan: Plan
    /// The scheduler that all others are compared with.
    package let baseline: Baseline
    /// The records of the trials, in the order in which they ran.
    package let records: [TrialRecord]
    /// The rows of `results.csv`.
    package let rows: [ResultRow]
    /// The machine and the build.
    package var environment: EnvironmentRecord
    /// The cost of the machine's primitives, or why it could not be measured.
    package var calibration: Result<Calibration, CalibrationFailure>
    /// Whether the run was interrupted.
    package var isInterrupted: Bool
    /// What disturbed the run, in sentences.
    package var disturbances: [String]
    /// The profiles taken after the measurements.
    package var profiles: [ProfileEntry]

    /// Summarizes records; the bootstrap makes this expensive.
    package init(
        environment: EnvironmentRecord,
        plan: Plan,
        baseline: Baseline,
        calibration: Result<Calibration, CalibrationFailure>,
        records: [TrialRecord],
        isInterrupted: Bool = false,
        disturbances: [String] = [],
        profiles: [ProfileEntry] = []
    ) {
        self.environment = environment
        self.plan = plan
        self.baseline = baseline
        self.calibration = calibration
        self.records = records
        self.isInterrupted = isInterrupted
        self.disturbances = disturbances
        self.profiles = profiles
        rows = Summary(of: records, cells: plan.cells, baseline: baseline).rows
    }
}
