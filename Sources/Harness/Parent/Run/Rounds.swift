// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// Runs a plan's batches and the counting trials; stores the records of each before the next starts.
struct Rounds {
    private let plan: Plan
    private let baseline: Baseline
    private let directory: ResultsDirectory
    private let builds: Builds
    private var progress: ProgressDisplay
    /// Seconds that remain for batches beyond the plan's rounds; nil for none.
    private let budget: Double?
    private let start = MonotonicClock.now()
    /// Nanoseconds that the last batch of a group took.
    private var durations: [Plan.Group: UInt64] = [:]
    /// Nanoseconds that all of their batches took; before an interruption, those of their turns.
    private var spent: [Plan.Group: UInt64] = [:]
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
        for record in earlier.measured {
            spent[plan.group(record.trial.cell), default: 0] += record.turns.reduce(0) { $0 + $1.elapsed }
        }
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
        for round in 1...max(plan.rounds, 1) where isGoingOn {
            runRound(round)
            if round == 1 { count() }
        }
        while isGoingOn, let batch = nextBatch() { run(batch.cells, batch.round, batch: batch.number, batch.speed) }
    }

    private var isGoingOn: Bool { failure == nil && !Interrupt.isRequested }

    /// Runs the counting trials that are missing; those of a group start together, and count one after another.
    ///
    /// After the first round, when it is known which cells fail; batches beyond the plan's then get what time is left.
    private mutating func count() {
        let cells = Set(plan.uncounted(after: records))
        var number = 0
        for group in plan.groups.map({ $0.filter(cells.contains) }) where !group.isEmpty && isGoingOn {
            progress.countingStarts(group, after: number, of: cells.count)
            keep(Batch(group.map(plan.countingTrial), builds).run(order: plan.turnOrder(0, batch: number)))
            number += group.count
        }
        progress.countingEnded()
    }

    /// Only this thread does: children inherit the processors of the threads that start them.
    private func leaveMeasuredCPUs() {
        // The CPUs that every cell runs on; each other one is free at least part of the time.
        let sets = plan.cells.map { Set(CPUSet(list: $0.cpus)?.numbers ?? []) }
        let measured = sets.dropFirst().reduce(sets.first ?? []) { $0.intersection($1) }
        let others = CPUSet.allowed().numbers.filter { !measured.contains($0) }
        if !others.isEmpty { _ = CPUSet(others).pinCurrentThread() }
    }

    private mutating func runRound(_ round: Int) {
        let settlement = Settlement(records, baseline: baseline)
        for (index, batch) in plan.batches(round).enumerated() where isGoingOn && isDue(batch, in: round) {
            let cells = missing(settlement.possible(batch), in: round)
            if !cells.isEmpty { run(cells, round, batch: index + 1, settlement.speed) }
        }
    }

    /// Whether a batch of a planned round is to run; beyond the least rounds only while there is time.
    private func isDue(_ batch: [Cell], in round: Int) -> Bool {
        round <= plan.leastRounds || hasTime(for: batch)
    }

    /// The next batch beyond the plan's rounds; nil where all are settled, or no time is left.
    ///
    /// Chooses the unsettled batch that has taken the least time so far: a short batch gets ten rounds in the time of one
    /// round of a batch ten times as long. Rounds that were measured before an interruption stay.
    private func nextBatch() -> (cells: [Cell], round: Int, number: Int, speed: FullSpeed?)? {
        let possible = plan.groups.enumerated().filter { hasTime(for: $0.element) }
        guard !possible.isEmpty else { return nil }
        let settlement = Settlement(records, baseline: baseline)
        for (index, group) in possible.sorted(by: { spent(on: $0.element) < spent(on: $1.element) }) {
            let cells = settlement.open(group)
            guard let first = cells.first else { continue }
            let rounds = records.lazy.filter { [plan] in plan.group($0.trial.cell) == plan.group(first) }.map(
                \.trial.round
            )
            return (cells, 1 + max(plan.rounds, rounds.max() ?? 0), index + 1, settlement.speed)
        }
        return nil
    }

    private func spent(on group: [Cell]) -> UInt64 { group.first.flatMap { spent[plan.group($0)] } ?? 0 }

    /// Without the cells that were measured in this round before an interruption.
    private func missing(_ cells: [Cell], in round: Int) -> [Cell] {
        let measured = Set(records.measured.filter { $0.trial.round == round }.map(\.trial.cell))
        return cells.filter { !measured.contains($0) }
    }

    private func hasTime(for group: [Cell]) -> Bool {
        guard let budget, let first = group.first else { return false }
        return MonotonicClock.now() + durations[plan.group(first), default: 0] < start + UInt64(budget * 1e9)
    }

    /// - Parameter speed: what full speed is, as far as earlier batches show.
    private mutating func run(_ cells: [Cell], _ round: Int, batch: Int, _ speed: FullSpeed?) {
        progress.batchStarts(cells, round: round)
        let start = MonotonicClock.now()
        var order = plan.turnOrder(round, batch: batch)
        // They start and warm up in random order, too.
        let trials = cells.shuffled(using: &order).map { plan.trial($0, round: round) }
        let batch = Batch(trials, builds)
        let records = batch.run(order: order, speed: speed)
        keep(records)
        let duration = MonotonicClock.now() - start
        durations[plan.group(cells[0])] = duration
        spent[plan.group(cells[0]), default: 0] += duration
        let failed = Set(records.filter { !$0.status.hasFigures }.map(\.trial.cell))
        progress.batchEnded(cells, round: round, seconds: batch.seconds, failed: failed)
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
