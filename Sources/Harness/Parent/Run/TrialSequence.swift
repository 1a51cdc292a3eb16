// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// Runs a plan's trials in order, and stores each record before the next trial starts.
struct TrialSequence {
    private let plan: Plan
    private let directory: ResultsDirectory
    private let launcher: TrialLauncher
    private var progress: ProgressDisplay
    private var failed: Set<Cell> = []
    /// The records so far.
    private(set) var records: [TrialRecord] = []
    /// Why the last record could not be stored; nil if it could.
    private(set) var failure: (any Error)?

    init(_ plan: Plan, into directory: ResultsDirectory, launcher: TrialLauncher) {
        self.plan = plan
        self.directory = directory
        self.launcher = launcher
        progress = ProgressDisplay(plan)
    }

    /// Runs the trials; stops early when interrupted, and when a record cannot be stored.
    mutating func run() async {
        defer { progress.clear() }
        for trial in plan.trials where failure == nil && !Interrupt.isRequested {
            // What failed once would fail, or hang until its time limit, in every round.
            if failed.contains(trial.cell) {
                progress.trialSkipped()
            } else if let record = await run(trial) {
                keep(record)
            }
        }
    }

    /// Runs a trial; returns nil if interrupted.
    private func run(_ trial: Trial) async -> TrialRecord? {
        progress.trialStarts(trial)
        let record = try? await Interrupt.cancelling { [launcher] in try await launcher.run(trial) }
        return Interrupt.isRequested ? nil : record
    }

    private mutating func keep(_ record: TrialRecord) {
        records.append(record)
        do {
            try directory.append(line: try JSONText.line(record), to: "trials.jsonl")
        } catch {
            failure = error
            return
        }
        if !record.status.hasFigures { failed.insert(record.trial.cell) }
        progress.trialEnded(record)
    }
}
