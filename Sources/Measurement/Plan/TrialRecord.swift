// SPDX-License-Identifier: Apache-2.0

/// The outcome of a trial.
package enum TrialStatus: String, Sendable, Codable {
    /// It ran to completion with the right answer.
    case ok
    /// It crashed, hung, threw or returned a wrong answer.
    case failed
    /// The backend does not support what was requested.
    case unsupported
    /// It succeeded in a debug build, for a test of the harness. Never a measurement.
    case debug

    /// Whether the trial succeeded, and so has figures.
    package var hasFigures: Bool { self == .ok || self == .debug }
}

extension Sequence<TrialRecord> {
    /// The records of the processes that measured: all but those of the counting trials.
    package var measured: [TrialRecord] { filter { !$0.trial.isCounting } }
    /// The records of the counting trials.
    package var counted: [TrialRecord] { filter(\.trial.isCounting) }

    /// Those of the cells that were measured, and whose processes all succeeded.
    package func succeeded(_ cells: [Cell]) -> [Cell] {
        let measured = measured
        let good = Set(measured.map(\.trial.cell))
            .subtracting(measured.filter { !$0.status.hasFigures }.map(\.trial.cell))
        return cells.filter(good.contains)
    }
}

/// The result of a trial: a line of `trials.jsonl`.
package struct TrialRecord: Sendable, Equatable, Codable {
    /// What was requested.
    package var trial: Trial
    /// What ran, as observed in the process: the row's label.
    package var observed: Cell
    /// The outcome.
    package var status: TrialStatus
    /// Why the trial did not succeed, or how the observed cell differs from the requested one.
    package var message: String?
    /// The figures over all runs; turns and histograms yield the others.
    package var measures: [Measure]
    /// The turns, in order; none of a trial that ran on its own.
    package var turns: [Turn]
    /// The recorded wait times, by series: `latency`, `lateness`, `lateness-busy` ...
    package var histograms: [String: LatencyHistogram]
    /// The operations of one run.
    package var operations: Int
    /// The timed runs.
    package var runs: Int

    /// Creates a record.
    package init(
        trial: Trial,
        observed: Cell? = nil,
        status: TrialStatus,
        message: String? = nil,
        measures: [Measure] = [],
        turns: [Turn] = [],
        histograms: [String: LatencyHistogram] = [:],
        operations: Int = 0,
        runs: Int = 0
    ) {
        self.trial = trial
        self.observed = observed ?? trial.cell
        self.status = status
        self.message = message
        self.measures = measures
        self.turns = turns
        self.histograms = histograms
        self.operations = operations
        self.runs = runs
    }
}
