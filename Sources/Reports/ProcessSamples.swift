// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The values of the processes of a run, from which its figures are computed.
enum ProcessSamples {
    /// The values of every process, in the order of the trials; of a counting trial, what it counted.
    ///
    /// - Parameter baseline: what the cells are compared with.
    static func all(_ records: [TrialRecord], baseline: Baseline) -> [(record: TrialRecord, measures: [Measure])] {
        let speed = FullSpeed(of: records)
        let processes = records.map { ($0, ProcessFigures($0, speed)) }
        let measured = processes.filter { $0.0.status.hasFigures && !$0.0.trial.isCounting }
        let cells = Dictionary(grouping: measured, by: \.0.observed).mapValues { $0.map(\.1) }
        let judged = JudgedSpeed(cells, baseline: baseline)
        return processes.map { record, figures in
            if record.trial.isCounting { return (record, record.measures) }
            let isFast = judged.isFull(of: record.observed)
            return (record, figures.all(primary: record.observed.metric, isFast: isFast))
        }
    }
}
