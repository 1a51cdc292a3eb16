// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// Runs a plan's batches, round by round, and stores the records of each before the next starts.
struct Rounds {
    private let plan: Plan
    private let baseline: Baseline
    private let directory: ResultsDirectory
    private let launcher: ChildProcess
    private var progress: ProgressDisplay
    private let start = MonotonicClock.now()
    /// Nanoseconds that the last batch of these conditions took.
    private var durations: [Cell.Conditions: UInt64] = [:]
    /// The records so far.
    private(set) var records: [TrialRecord] = []
    /// Why the last record could not be stored; nil if it could.
    private(set) var failure: (any Error)?

    init(_ plan: Plan, baseline: Baseline, into directory: ResultsDirectory, launcher: ChildProcess) {
        self.plan = plan
        self.baseline = baseline
        self.directory = directory
        self.launcher = launcher
        progress = ProgressDisplay(plan)
    }

    /// Runs the rounds; stops early when interrupted, and when a record cannot be stored.
    ///
    /// The thread leaves the measured processors to the children.
    mutating func run() {
        defer { progress.clear() }
        leaveMeasuredCPUs()
        var round = 1
        while failure == nil, !Interrupt.isRequested, runRound(round) { round += 1 }
    }

    /// Only this thread does: children inherit the processors of the threads that start them.
    private func leaveMeasuredCPUs() {
        let measured = plan.cells.flatMap { CPUSet(list: $0.cpus)?.numbers ?? [] }
        let others = CPUSet.allowed().numbers.filter { !measured.contains($0) }
        if !others.isEmpty { _ = CPUSet(others).pinCurrentThread() }
    }

    /// Runs a round; returns whether there may be another one.
    private mutating func runRound(_ round: Int) -> Bool {
        let isExtra = round > plan.rounds
        if isExtra && plan.budget == nil { return false }
        let settlement = Settlement(records, baseline: baseline)
        var hasRun = false
        for (index, batch) in plan.batches(round).enumerated() {
            let cells = isExtra ? settlement.open(batch) : settlement.possible(batch)
            guard let first = cells.first, !isExtra || hasTime(for: first.conditions) else { continue }
            guard failure == nil, !Interrupt.isRequested else { return false }
            run(cells, round, batch: index + 1, speed: settlement.speed)
            hasRun = true
        }
        return !isExtra || hasRun
    }

    private func hasTime(for conditions: Cell.Conditions) -> Bool {
        let end = start + UInt64((plan.budget ?? 0) * 1e9)
        return MonotonicClock.now() + durations[conditions, default: 0] < end
    }

    /// - Parameter speed: what full speed is, as far as earlier rounds show.
    private mutating func run(_ cells: [Cell], _ round: Int, batch: Int, speed: FullSpeed?) {
        progress.batchStarts(cells, round: round)
        let start = MonotonicClock.now()
        let trials = cells.map { plan.trial($0, round: round) }
        let order = plan.turnOrder(round, batch: batch)
        for record in Batch(trials, launcher).run(order: order, speed: speed) { keep(record) }
        durations[cells[0].conditions] = MonotonicClock.now() - start
        progress.batchEnded(cells, round: round)
    }

    private mutating func keep(_ record: TrialRecord) {
        guard failure == nil else { return }
        records.append(record)
        do {
            try directory.append(line: try JSONText.line(record), to: "trials.jsonl")
        } catch {
            failure = error
            return
        }
        progress.note(record)
    }
}
