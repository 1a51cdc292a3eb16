// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The processes of a batch: alive together, they take turns in random order.
struct Batch {
    private let processes: [TurnProcess]
    /// The trials whose process could not be started.
    private var failures: [TrialRecord] = []

    /// Starts the processes.
    init(_ trials: [Trial], _ launcher: ChildProcess) {
        var processes: [TurnProcess] = []
        for trial in trials {
            do {
                processes.append(try TurnProcess(trial, launcher))
            } catch {
                let reason = "its process could not be started: \(error)"
                failures.append(TrialRecord(trial: trial, status: .failed, message: reason))
            }
        }
        self.processes = processes
    }

    /// Hands out turns until every process has measured for the trial's minimum time; returns the records of those that
    /// ended before a signal requested the end of the run.
    func run(order: some RandomNumberGenerator) -> [TrialRecord] {
        var order = order
        for process in processes { process.prepare() }
        var waiting = processes.filter(\.wantsTurn)
        while !waiting.isEmpty && !Interrupt.isRequested {
            for process in waiting.shuffled(using: &order) { process.takeTurn() }
            waiting = waiting.filter(\.wantsTurn)
        }
        return failures + processes.compactMap { $0.finish() }
    }
}

extension TurnProcess {
    fileprivate var wantsTurn: Bool {
        // Memory touched by an earlier turn would not show.
        let turns = trial.cell.metric.unit == "bytes" ? 1 : 100
        return isAlive && self.turns < turns && Double(elapsed) < trial.minimumTime * 1e9
    }
}
