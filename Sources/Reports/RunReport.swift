// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// The data of a report.
///
/// What was measured is summarized once, when the report is created: every file and table of the report shows the same
/// rows.
package struct RunReport: Sendable {
    /// What was to be measured, and what happened.
    package var description: RunDescription
    /// The machine and the build.
    package var environment: EnvironmentRecord
    /// The records of the trials, in the order in which they ran.
    package let records: [TrialRecord]
    /// The values of every process, in the order of the records.
    let samples: [ProcessSamples]
    /// What they say.
    package let summary: Summary
    /// By what schedulers are ranked.
    let ranked: RankedRows
    /// Pairs of schedulers that readers ask about.
    let sideBySide: SideBySide

    /// Summarizes records.
    package init(_ description: RunDescription, environment: EnvironmentRecord, records: [TrialRecord]) {
        self.description = description
        self.environment = environment
        self.records = records
        let plan = description.plan
        summary = Summary(
            of: records,
            cells: plan.cells,
            baseline: description.baseline,
            stopping: plan.stopping,
            resolution: Resolution(description.calibration)
        )
        let judged = summary.judged
        samples = zip(records, summary.processes).map { ProcessSamples($0, $1, judged) }
        ranked = RankedRows(summary.rows)
        sideBySide = SideBySide(plan.cells, ranked, summary)
    }

    /// The rows of `results.csv`.
    package var rows: [ResultRow] { summary.rows }

    /// The share of all turns that ran at full speed; nil without turns.
    package var fullSpeedShare: Double? {
        let turns = records.measured.filter(\.status.hasFigures).flatMap(\.turns)
        return FullSpeed(of: turns).map { speed in Double(turns.count(where: speed.contains)) / Double(turns.count) }
    }

    /// The plan.
    package var plan: Plan { description.plan }
    /// The scheduler that all others are compared with.
    package var baseline: Baseline { description.baseline }
}
