// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Decides which cells need more processes.
package struct Settlement: Sendable {
    /// What full speed is; nil without turns.
    package let speed: FullSpeed?
    private let baseline: Baseline
    /// The processes by round.
    private let processes: [Cell: [Int: ProcessFigures]]
    private let failed: Set<Cell>

    /// Looks at the records so far.
    package init(_ records: [TrialRecord], baseline: Baseline) {
        self.baseline = baseline
        let records = records.measured
        let speed = FullSpeed(of: records)
        self.speed = speed
        let good = records.filter(\.status.hasFigures)
        processes = Dictionary(grouping: good, by: \.trial.cell).mapValues { records in
            Dictionary(records.map { ($0.trial.round, ProcessFigures($0, speed)) }) { _, later in later }
        }
        failed = Set(records.filter { !$0.status.hasFigures }.map(\.trial.cell))
    }

    /// The cells of a batch that have not failed: what failed once would fail, or hang until its time limit, in every
    /// round.
    package func possible(_ batch: [Cell]) -> [Cell] { batch.filter { !failed.contains($0) } }

    /// The cells of a batch that are measured once more: the possible ones that are not settled, and the baseline with
    /// them.
    package func open(_ batch: [Cell]) -> [Cell] {
        let cells = possible(batch)
        let open = cells.filter { !isSettled($0, among: cells) }
        let references = open.compactMap { baseline.reference(of: $0, among: cells) }
        return cells.filter { open.contains($0) || references.contains($0) }
    }

    /// Whether a cell is known well enough: its value, or its ratio to the baseline, to 1.7 %, or so different from the
    /// baseline that nothing more is to be decided.
    private func isSettled(_ cell: Cell, among cells: [Cell]) -> Bool {
        let own = processes[cell] ?? [:]
        // A baseline is measured as long as it takes to settle the others.
        if baseline.matches(cell), cells.count > 1 { return own.count >= Self.fewest }
        guard let reference = baseline.reference(of: cell, among: cells) else {
            return own.count >= Self.fewest
                && reach(of: own.values.compactMap { $0.fast ?? $0.value(of: cell.metric) }) <= Self.reach
        }
        guard let others = processes[reference] else { return own.count >= Self.fewest }
        let comparison = ProcessFigures.comparison(
            of: cell.metric,
            primary: cell.metric,
            own,
            to: others,
            .whenSettled(after: 0)
        )
        return comparison.map(Self.isSettled) ?? (own.count >= Self.fewest)
    }

    /// Whether a comparison says enough.
    static func isSettled(_ comparison: Comparison) -> Bool {
        guard comparison.count >= fewest, let interval = comparison.interval else { return false }
        let reach = log(interval.high / interval.low) / 2
        return reach <= Self.reach || (abs(log(comparison.ratio)) > 4 * reach && reach <= coarseReach)
    }

    private func reach(of values: [Double]) -> Double {
        let logarithms = values.filter { $0 > 0 }.map { log($0) }
        guard let interval = TrimmedMean(of: logarithms)?.interval(.whenSettled(after: 0)) else { return 0 }
        return (interval.high - interval.low) / 2
    }

    /// With fewer processes, the scatter itself is not known well enough.
    private static let fewest = 8
    private static let reach = 0.017
    private static let coarseReach = 0.1
}
