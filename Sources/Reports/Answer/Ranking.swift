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
/// A scheduler *could be the best* unless it is worse than the one with the best figures, with a one-sided error of 5 %
/// divided by the number of its rivals. So the truly best scheduler is among those with a probability of 95 % or more,
/// whichever it is: Gupta, "On Some Multiple Decision (Selection and Ranking) Rules", Technometrics 7 (1965), with
/// Bonferroni's bound in place of his constant.
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

    /// Those with figures in all of the workloads, best first.
    let entries: [Entry]
    /// Those that ran, and lack a figure in one of them.
    let unranked: [SchedulerName]
    /// The workloads.
    let loads: [RankedLoad]

    /// Ranks the schedulers of a run; returns nil where there is no workload or no scheduler to rank.
    init?(_ loads: [RankedLoad], in report: RunReport) {
        let own = Self.rows(loads, report.ranked)
        let schedulers = loads.flatMap(report.ranked.schedulers).unique
        let ranked = schedulers.filter { own[$0]?.count == loads.count }
        guard !loads.isEmpty, !ranked.isEmpty else { return nil }
        let costs = own.mapValues { rows in rows.map(Self.logarithmicCost).reduce(0, +) / Double(rows.count) }
        let sorted = ranked.sorted { (costs[$0] ?? 0, $0.order) < (costs[$1] ?? 0, $1.order) }
        let best = own[sorted[0]] ?? []
        entries = sorted.map { scheduler in
            let rows = own[scheduler] ?? []
            let known = exp((costs[scheduler] ?? 0) - (costs[sorted[0]] ?? 0))
            let isBest = scheduler == sorted[0]
            let comparison = isBest ? nil : Self.comparison(rows, to: best, in: report)
            return Entry(scheduler, rows, known, comparison, rivals: sorted.count - 1, isBest: isBest)
        }
        unranked = schedulers.filter { !ranked.contains($0) }
        self.loads = loads
    }

    /// Those that could be the best.
    var candidates: [Entry] { entries.filter(\.couldBeBest) }
    /// Those that are worse than the best.
    var others: [Entry] { entries.filter { !$0.couldBeBest } }

    /// The candidates that look better than everything that is known to be worse.
    var best: [Entry] {
        let limit = others.map(\.factor).min() ?? .infinity
        return candidates.filter { $0.factor <= limit }
    }

    /// The other candidates: too little is known of them.
    var undecided: [Entry] {
        let limit = others.map(\.factor).min() ?? .infinity
        return candidates.filter { $0.factor > limit }
    }

    private static func rows(_ loads: [RankedLoad], _ ranked: RankedRows) -> [SchedulerName: [ResultRow]] {
        Dictionary(grouping: loads.flatMap(ranked.rows)) { SchedulerName($0.cell) }
    }

    /// The logarithm of a row's figure, such that less is better.
    private static func logarithmicCost(_ row: ResultRow) -> Double {
        let value = log(row.figures?.value ?? 1)
        return row.metric.direction == .higher ? -value : value
    }

    /// Compares the costs of two schedulers, given by their rows in the same workloads.
    static func comparison(_ rows: [ResultRow], to other: [ResultRow], in report: RunReport) -> Comparison? {
        let parts = zip(rows, other).map { row, other -> Comparison? in
            guard row.figures?.isBelowResolution == false, other.figures?.isBelowResolution == false else { return nil }
            let comparison = report.summary.comparison(of: row.metric, in: row.cell, to: other.cell)
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
        isBest: Bool
    ) {
        self.scheduler = scheduler
        self.rows = rows
        factor = comparison?.ratio ?? known
        interval = comparison?.interval
        smallestEffect = comparison?.smallestEffect
        let isNegligible = comparison?.interval.map {
            $0.low >= 1 / Verdict.threshold && $0.high <= Verdict.threshold
        }
        self.isNegligible = isBest || isNegligible ?? false
        let isWorse = comparison?.probabilityAbove.map { $0 * Double(rivals) < 0.05 } ?? false
        couldBeBest = self.isNegligible || !isWorse
    }
}

extension SchedulerName {
    /// Puts those with equal figures into one order.
    fileprivate var order: String { "\(backend) \(switching)" }
}
