// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The processes of a batch: alive together, they take turns in random order.
struct Batch {
    private let processes: [TurnProcess]
    /// The trials whose process could not be started.
    private var failures: [TrialRecord] = []

    /// Starts the processes.
    init(_ trials: [Trial], _ builds: Builds) {
        var processes: [TurnProcess] = []
        for trial in trials {
            do {
                processes.append(try TurnProcess(trial, builds.launcher(of: trial.cell)))
            } catch {
                failures.append(
                    TrialRecord(trial: trial, status: .failed, message: ChildProcess.notStarted(error))
                )
            }
        }
        self.processes = processes
    }

    /// Hands out turns until every process has measured for the trial's minimum time at full speed, or for three times
    /// as long; returns their records, or nothing where a signal interrupted them.
    ///
    /// - Parameter speed: what full speed is; nil where that is not known yet.
    func run(order: some RandomNumberGenerator, speed: FullSpeed? = nil) -> [TrialRecord] {
        var order = order
        for process in processes { process.prepare() }
        var waiting = processes.filter { $0.wantsTurn(speed) }
        while !waiting.isEmpty && !Interrupt.isRequested {
            for process in waiting.shuffled(using: &order) { process.takeTurn() }
            waiting = waiting.filter { $0.wantsTurn(speed) }
        }
        let records = failures + processes.compactMap { $0.finish() }
        // Some of a batch would be compared with others that did not take turns with them.
        return Interrupt.isRequested ? [] : records
    }

    /// What each process has taken so far.
    var seconds: [Cell: Double] {
        Dictionary(processes.map { ($0.trial.cell, Double($0.time) / 1e9) }) { first, _ in first }
    }
}

extension TurnProcess {
    fileprivate func wantsTurn(_ speed: FullSpeed?) -> Bool {
        // Memory touched by an earlier turn would not show; and what a turn counts, another one counts again.
        let limit = trial.isCounting || trial.cell.metric.unit == "bytes" ? 1 : 100
        guard isAlive, turns.count < limit else { return false }
        let fast = turns.filter { speed?.contains($0) ?? true }
        let wanted = trial.minimumTime * 1e9
        return Self.time(fast) < wanted && Self.time(turns) < 3 * wanted
    }

    /// In nanoseconds.
    private static func time(_ turns: [Turn]) -> Double { turns.reduce(0) { $0 + Double($1.elapsed) } }
}
