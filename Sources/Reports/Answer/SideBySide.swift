// SPDX-License-Identifier: Apache-2.0

import Measurement

/// Pairs of schedulers that readers ask about, compared for every kind of load: each backend with the reference, each
/// switching with the first of the reference, and several workers with one.
struct SideBySide: Sendable {
    /// Two schedulers.
    struct Pair: Sendable {
        /// The one whose cost is divided.
        let scheduler: SchedulerName
        /// The one by whose cost it is divided.
        let reference: SchedulerName
        /// What they differ in.
        let question: Question
        /// The ratio of their costs for each kind of load that both ran.
        var ratios: [LoadKind: Ratio] = [:]
    }

    /// What two schedulers of a pair differ in.
    enum Question: Sendable {
        /// The backend.
        case backend
        /// The switching.
        case switching
        /// The number of workers.
        case workers
    }

    /// The costs of two schedulers for a kind of load.
    struct Ratio: Sendable {
        /// Their ratio.
        let comparison: Comparison
        /// Whether the run can tell them apart, corrected for all pairs.
        var isTold = false
    }

    /// The pairs that ran, with the kinds of load.
    let pairs: [Pair]

    /// Compares the pairs of a run.
    init(_ cells: [Cell], _ ranked: RankedRows, _ summary: Summary) {
        let pairs = Self.pairs(cells)
        let answered = pairs.map { pair in
            var pair = pair
            for kind in LoadKind.allCases { pair.ratios[kind] = Self.ratio(pair, kind, ranked, summary) }
            return pair
        }
        self.pairs = Self.corrected(answered).filter { !$0.ratios.isEmpty }
    }

    private static func pairs(_ cells: [Cell]) -> [Pair] {
        let cells = cells.filter { $0.peer == nil }
        let single = cells.filter { $0.workers == nil }
        guard let reference = single.first(where: { $0.backend == preferred }) ?? single.first else { return [] }
        let first = SchedulerName(reference)
        let others = single.map(SchedulerName.init).unique.filter { $0 != first }
        let backends = others.filter { $0.backend != first.backend }
        let switchings = others.filter { $0.backend == first.backend }
        let firstOfBackend = backends.map(\.backend).unique.compactMap { name in
            backends.first { $0.backend == name && $0.switching == first.switching }
                ?? backends.first { $0.backend == name }
        }
        let several = cells.filter { $0.workers != nil }
        let alone = Dictionary(several.map { (SchedulerName($0), $0.withOneWorker) }) { first, _ in first }
        return firstOfBackend.map { Pair(scheduler: $0, reference: first, question: .backend) }
            + switchings.map { Pair(scheduler: $0, reference: first, question: .switching) }
            + several.map(SchedulerName.init).unique.compactMap { scheduler in
                alone[scheduler].map { Pair(scheduler: scheduler, reference: SchedulerName($0), question: .workers) }
            }
    }

    /// The backend that the others are compared with: the reactor that everything is built from.
    private static let preferred = "epoll"

    private static func ratio(_ pair: Pair, _ kind: LoadKind, _ ranked: RankedRows, _ summary: Summary) -> Ratio? {
        let parts = ranked.loads(of: kind).compactMap { load -> (ResultRow, ResultRow)? in
            let own = ranked.rows(load)
            guard let row = own.first(where: { SchedulerName($0.cell) == pair.scheduler }),
                let other = own.first(where: { SchedulerName($0.cell) == pair.reference })
            else { return nil }
            return (row, other)
        }
        return Ranking.comparison(parts.map(\.0), to: parts.map(\.1), in: summary).map { Ratio(comparison: $0) }
    }

    /// Holm's correction for the pairs, kind by kind.
    private static func corrected(_ pairs: [Pair]) -> [Pair] {
        var pairs = pairs
        for kind in LoadKind.allCases {
            let known = pairs.indices.filter { pairs[$0].ratios[kind]?.comparison.probability != nil }
            let probabilities = known.compactMap { pairs[$0].ratios[kind]?.comparison.probability }
            for (index, probability) in zip(known, Holm.corrected(probabilities)) {
                guard let comparison = pairs[index].ratios[kind]?.comparison else { continue }
                pairs[index].ratios[kind]?.isTold = Verdict(comparison, corrected: probability) == .different
            }
        }
        return pairs
    }
}

extension Cell {
    fileprivate var withOneWorker: Cell {
        var cell = self
        cell.workers = nil
        return cell
    }
}
