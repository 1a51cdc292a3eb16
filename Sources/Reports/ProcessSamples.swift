// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The values of a process, from which the figures of a run are computed.
struct ProcessSamples: Sendable {
    /// The record of the process.
    let record: TrialRecord
    /// The values; of a counting trial, what it counted.
    let measures: [Measure]

    /// The values of a process.
    ///
    /// - Parameters:
    ///   - figures: those of the record.
    ///   - judged: which cells are judged by their turns at full speed.
    init(_ record: TrialRecord, _ figures: ProcessFigures, _ judged: JudgedSpeed) {
        let cell = record.observed
        self.record = record
        measures =
            record.trial.isCounting
            ? record.measures : figures.all(primary: cell.metric, isFast: judged.isFull(of: cell))
    }
}
