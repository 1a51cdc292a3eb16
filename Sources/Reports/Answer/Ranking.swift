// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement

/// A workload with its parameters, and the metric by which its schedulers are ranked.
struct RankedLoad: Hashable, Sendable {
    /// The workload and its parameters.
    let conditions: Cell.Conditions
    /// The metric, which has a better direction.
    let metric: Metric
}

/// The schedulers of a run by what some workloads cost them together, best first.
///
/// Several workloads count alike: a scheduler's cost is the geometric mean of its figures. Which of two is better, and
/// whether the run can tell, follows from the comparisons of their processes, workload by workload.
///
/// A scheduler *could be the best* unless it is worse than one of its rivals, with a one-sided error of 5 % divided by
/// their number, or so little worse than the best that it is negligible. So the scheduler that is truly the best
/// remains with a probability of 95 % or more: Gupta, "On Some Multiple Decision (Selection and Ranking) Rules",
/// Technometrics 7 (1965), with Bonferroni's bound in place of his constant.
struct Ranking: Sendable {
    /// A scheduler.
    struct Entry: Sendable {
        /// The scheduler.
        let scheduler: SchedulerName
        /// Its rows, one per workload.
        let rows: [ResultRow]
        /// Its cost divided by that of the best; 1 for the best itself.
        let factor: Double
        /// The 95 % interval of that; nil where there are too few processes, or a figure below resolution.
        let interval: Interval?
        /// The smallest factor that this run would have told from 1.
        let smallestEffect: Double?
        /// Whether it could be the best.
        let couldBeBest: Bool
        /// Whether it is the best for practical purposes: the interval lies within what is negligible.
        let isNegligible: Bool
    }

    /// Those with figures in all of the workloads: the best, and then by their factors.
    let entries: [Entry]
    /// The workloads.
    let loads: [RankedLoad]

    /// Ranks the schedulers of a run; returns nil where there is no workload or no scheduler to rank.
    ///
    /// The figures say which one is the best. If another does better in the rounds that the two have in common, it is
    /// that one.
    init?(_ loads: [RankedLoad], in report: RunReport) {
        self.init(loads, by: loads.flatMap(report.ranked.rows), in: report.summary)
    }

    /// Ranks schedulers by some of their rows, each with a figure above zero.
    init?(_ loads: [RankedLoad], by rows: [ResultRow], in summary: Summary) {
        let own = Dictionary(grouping: rows) { SchedulerName($0.cell) }.filter { $0.value.count == loads.count }
        let costs = own.mapValues { rows in rows.map(Self.logarithmicCost).reduce(0, +) / Double(rows.count) }
        let sorted = own.keys.sorted { (costs[$0] ?? 0, $0.order) < (costs[$1] ?? 0, $1.order) }
        guard !loads.isEmpty, let first = sorted.first else { return nil }
        let worse = Set(sorted.filter { Self.isWorse($0, than: sorted, own, in: summary) })
        func entries(comparedWith best: SchedulerName) -> [Entry] {
            sorted.map { scheduler in
                let rows = own[scheduler] ?? []
                let known = exp((costs[scheduler] ?? 0) - (costs[best] ?? 0))
                let isBest = scheduler == best
                let comparison = isBest ? nil : Self.comparison(rows, to: own[best] ?? [], in: summary)
                return Entry(
                    scheduler,
                    rows,
                    known,
                    comparison,
                    rivals: sorted.count - 1,
                    isBest: isBest,
                    isWorse: worse.contains(scheduler)
                )
            }.sorted { $0.factor < $1.factor }
        }
        let preliminary = entries(comparedWith: first)
        let best = preliminary.first(where: \.couldBeBest)?.scheduler ?? first
        let final = best == first ? preliminary : entries(comparedWith: best)
        self.entries = final.filter { $0.scheduler == best } + final.filter { $0.scheduler != best }
        self.loads = loads
    }

    /// Whether a scheduler is worse than one of its rivals, with an error of 5 % for all of them together.
    private static func isWorse(
        _ scheduler: SchedulerName,
        than all: [SchedulerName],
        _ rows: [SchedulerName: [ResultRow]],
        in summary: Summary
    ) -> Bool {
        let rivals = all.filter { $0 != scheduler }
        return rivals.contains { rival in
            let comparison = comparison(rows[scheduler] ?? [], to: rows[rival] ?? [], in: summary)
            return comparison?.probabilityAbove.map { $0 * Double(rivals.count) < 0.05 } ?? false
        }
    }

    /// The entries that could be the best.
    var candidates: [Entry] { entries.filter(\.couldBeBest) }
    /// The others, which are worse.
    var others: [Entry] { entries.filter { !$0.couldBeBest } }
    /// The candidates that look better than everything that is known to be worse.
    var best: [Entry] { candidates.filter { $0.factor <= limit } }
    /// The other candidates: too little is known of them.
    var undecided: [Entry] { candidates.filter { $0.factor > limit } }

    private var limit: Double { others.map(\.factor).min() ?? .infinity }

    /// Why the run does not say of any of them that it is worse.
    var equality: String {
        if entries.allSatisfy(\.isNegligible) { return "the schedulers are equal within 1 %" }
        if entries.contains(where: { $0.rows.contains { $0.figures?.isBelowResolution == true } }) {
            return "figures below resolution are not compared"
        }
        let isOpen = entries.dropFirst().allSatisfy { $0.interval == nil }
        return isOpen
            ? "there are too few processes to tell the schedulers apart" : "this run cannot tell the schedulers apart"
    }

    /// The logarithm of a row's figure, such that less is better.
    private static func logarithmicCost(_ row: ResultRow) -> Double {
        let value = log(row.figures?.value ?? 1)
        return row.metric.direction == .higher ? -value : value
    }

    /// Compares the costs of two schedulers, given by their rows in the same workloads.
    static func comparison(_ rows: [ResultRow], to other: [ResultRow], in summary: Summary) -> Comparison? {
        let parts = zip(rows, other).map { row, other -> Comparison? in
            guard row.figures?.isBelowResolution == false, other.figures?.isBelowResolution == false else { return nil }
            let comparison = summary.comparison(of: row.metric, in: row.cell, to: other.cell)
            return row.metric.direction == .higher ? comparison?.inverse : comparison
        }
        let known = parts.compactMap(\.self)
        return known.count == parts.count ? Comparison(meanOf: known) : nil
    }
}

extension Ranking.Entry {
    /// - Parameters:
    ///   - known: the factor by the figures, which a comparison within rounds refines.
    ///   - rivals: how many others there are.
    fileprivate init(
        _ scheduler: SchedulerName,
        _ rows: [ResultRow],
        _ known: Double,
        _ comparison: Comparison?,
        rivals: Int,
        isBest: Bool,
        isWorse: Bool
    ) {
        self.scheduler = scheduler
        self.rows = rows
        factor = comparison?.ratio ?? known
        interval = comparison?.interval
        smallestEffect = comparison?.smallestEffect(oneSidedError: 0.05 / Double(max(rivals, 1)))
        let isNegligible = comparison?.interval.map {
            $0.low >= 1 / Verdict.threshold && $0.high <= Verdict.threshold
        }
        self.isNegligible = isBest || isNegligible ?? false
        couldBeBest = self.isNegligible || !isWorse
    }
}

extension SchedulerName {
    /// Puts those with equal figures into one order.
    fileprivate var order: String { "\(backend) \(switching)" }
}
