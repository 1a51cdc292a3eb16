// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// Runs a plan's batches, round by round, and then the counting trials; stores the records of each before the next
/// starts.
struct Rounds {
    private let plan: Plan
    private let baseline: Baseline
    private let directory: ResultsDirectory
    private let builds: Builds
    private var progress: ProgressDisplay
    /// Seconds that remain for rounds beyond the plan's; nil for none.
    private let budget: Double?
    private let start = MonotonicClock.now()
    /// Nanoseconds that the last batch of these conditions took.
    private var durations: [Cell.Conditions: UInt64] = [:]
    /// The records so far.
    private(set) var records: [TrialRecord] = []
    /// Why the last record could not be stored; nil if it could.
    private(set) var failure: (any Error)?

    /// - Parameter earlier: the records from before the run was interrupted.
    init(
        _ run: RunDescription,
        after earlier: [TrialRecord],
        into directory: ResultsDirectory,
        builds: Builds
    ) {
        plan = run.plan
        baseline = run.baseline
        budget = run.plan.budget.map { max(0, $0 - run.spent) }
        records = earlier
        self.directory = directory
        self.builds = builds
        progress = ProgressDisplay(plan, budget: budget, after: earlier)
    }

    /// Seconds since the start.
    var elapsed: Double { Double(MonotonicClock.now() - start) / 1e9 }

    /// Runs the rounds and the counting trials; stops early when interrupted, and when a record cannot be stored.
    ///
    /// The thread leaves the measured processors to the children.
    mutating func run() {
        defer { progress.clear() }
        leaveMeasuredCPUs()
        var round = 1
        while failure == nil, !Interrupt.isRequested, runRound(round) { round = next(after: round) }
        count()
    }

    /// Runs the counting trials that are missing, one process at a time.
    private mutating func count() {
        let cells = plan.uncounted(after: records)
        for (index, cell) in cells.enumerated() where failure == nil && !Interrupt.isRequested {
            progress.countingStarts(cell, number: index + 1, of: cells.count)
            let batch = Batch([plan.countingTrial(cell)], builds)
            keep(batch.run(order: SystemRandomNumberGenerator()))
        }
    }

    /// Rounds beyond the plan's that were measured before an interruption stay as they are.
    private func next(after round: Int) -> Int {
        guard round >= plan.rounds else { return round + 1 }
        return 1 + max(round, records.map(\.trial.round).max() ?? 0)
    }

    /// Only this thread does: children inherit the processors of the threads that start them.
    private func leaveMeasuredCPUs() {
        // The CPUs that every cell runs on; each other one is free at least part of the time.
        let sets = plan.cells.map { Set(CPUSet(list: $0.cpus)?.numbers ?? []) }
        let measured = sets.dropFirst().reduce(sets.first ?? []) { $0.intersection($1) }
        let others = CPUSet.allowed().numbers.filter { !measured.contains($0) }
        if !others.isEmpty { _ = CPUSet(others).pinCurrentThread() }
    }

    /// Runs a round; returns whether there may be another one.
    private mutating func runRound(_ round: Int) -> Bool {
        let isExtra = round > plan.rounds
        if isExtra && budget == nil { return false }
        let settlement = Settlement(records, baseline: baseline)
        var hasRun = false
        for (index, batch) in plan.batches(round).enumerated() {
            let cells = isExtra ? settlement.open(batch) : missing(settlement.possible(batch), in: round)
            guard let first = cells.first, !isExtra || hasTime(for: first.conditions) else { continue }
            guard failure == nil, !Interrupt.isRequested else { return false }
            run(cells, round, batch: index + 1, speed: settlement.speed)
            hasRun = true
        }
        return !isExtra || hasRun
    }

    /// Without the cells that were measured in this round before an interruption.
    private func missing(_ cells: [Cell], in round: Int) -> [Cell] {
        let measured = Set(records.measured.filter { $0.trial.round == round }.map(\.trial.cell))
        return cells.filter { !measured.contains($0) }
    }

    private func hasTime(for conditions: Cell.Conditions) -> Bool {
        let end = start + UInt64((budget ?? 0) * 1e9)
        return MonotonicClock.now() + durations[conditions, default: 0] < end
    }

    /// - Parameter speed: what full speed is, as far as earlier rounds show.
    private mutating func run(_ cells: [Cell], _ round: Int, batch: Int, speed: FullSpeed?) {
        progress.batchStarts(cells, round: round)
        let start = MonotonicClock.now()
        var order = plan.turnOrder(round, batch: batch)
        // They start and warm up in random order, too.
        let trials = cells.shuffled(using: &order).map { plan.trial($0, round: round) }
        keep(Batch(trials, builds).run(order: order, speed: speed))
        durations[cells[0].conditions] = MonotonicClock.now() - start
        progress.batchEnded(cells, round: round)
    }

    /// The records of a batch are written at once: one that is cut off in between would be paired with later ones.
    private mutating func keep(_ batch: [TrialRecord]) {
        guard failure == nil, !batch.isEmpty else { return }
        records += batch
        do {
            let lines = try batch.map { try JSONText.line($0) }.joined(separator: "\n")
            try directory.append(line: lines, to: "trials.jsonl")
        } catch {
            failure = error
            return
        }
        batch.forEach(progress.note)
    }
}
