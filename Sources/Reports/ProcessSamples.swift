// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The values of a process, from which the figures of a run are computed.
struct ProcessSamples: Sendable {
    /// The record of the process.
    let record: TrialRecord
    /// The values; of a counting trial, what it counted.
    let measures: [Measure]
    private let figures: ProcessFigures
    private let isFast: Bool

    /// The values of a process.
    ///
    /// - Parameters:
    ///   - figures: those of the record.
    ///   - judged: which cells are judged by their turns at full speed.
    init(_ record: TrialRecord, _ figures: ProcessFigures, _ judged: JudgedSpeed) {
        let cell = record.observed
        self.record = record
        self.figures = figures
        isFast = judged.isFull(of: cell)
        measures = record.trial.isCounting ? record.measures : figures.all(primary: cell.metric, isFast: isFast)
    }

    /// How long the yardstick took on average in the turns from which the value of a metric comes, in nanoseconds;
    /// nil for a process without such turns.
    func yardstick(of metric: Metric) -> Double? {
        figures.yardstick(of: metric, primary: record.observed.metric, isFast: isFast)
    }
}
