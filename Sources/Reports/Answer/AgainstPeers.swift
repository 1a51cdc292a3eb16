// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The best scheduler of a run against its peers: a contest for each workload, metric and number of processors.
///
/// The best is the scheduler that ranks first on as many processors, whatever the peers do; see ``Ranking``. Where
/// several could be the best, chance decides which of them does, and the luckiest looks better than it is. So the
/// p-values are multiplied by their number, and the error of the intervals is divided by it (Bonferroni), as if each of
/// them had been compared with the peer. Such luck cannot make a peer look ahead; that verdict would do without a
/// correction, and has the same one, so that both ask for as much.
///
/// The p-values of a workload's contests are corrected together, for all peers in it (Holm).
///
/// A floor is no rival: it has a ratio, and no verdict.
struct AgainstPeers: Sendable {
    /// The best scheduler and the peers in a workload, by a metric, on a number of processors.
    struct Contest: Sendable {
        /// The workload and the metric.
        let load: RankedLoad
        /// How many processors each of them could run on.
        let processors: Int
        /// The best scheduler; nil where none has a figure.
        let best: ResultRow?
        /// How many schedulers could be the best.
        let candidates: Int
        /// The peers, in the order of the run.
        fileprivate(set) var rivals: [Rival]
    }

    /// A peer in a contest.
    struct Rival: Sendable {
        /// Its row; without figures where its trials failed.
        let row: ResultRow
        /// Its cost divided by that of the best scheduler; nil where a figure is missing, zero or below resolution.
        let comparison: Comparison?
        /// The interval of that, which allows for the choice of the best.
        let interval: Interval?
        /// The p-value of the comparison, which allows for the choice of the best.
        fileprivate let probability: Double?
        /// What the run can say about it.
        fileprivate(set) var standing: PeersScreen.Standing
    }

    /// The contests, in the order of the run; those on fewer processors first.
    let contests: [Contest]

    /// Compares the best schedulers of a run with its peers; no contests without peers, or for two builds.
    init(_ report: RunReport) {
        let rows = report.comparesBuilds ? [] : report.rows
        let groups = Dictionary(grouping: rows, by: \.cell.conditions)
        let floors = Set((report.description.peers ?? []).filter { $0.floor == true }.map(\.name))
        let contests = report.ranked.loads.flatMap { load -> [Contest] in
            let own = groups[load.conditions] ?? []
            let processors = Set(own.filter { $0.cell.peer != nil }.map(\.cell.processors)).sorted()
            return Self.metrics(load, own).flatMap { load in
                processors.map { count in
                    Contest(load, on: count, own.filter { $0.cell.processors == count }, floors, report.summary)
                }
            }
        }
        self.contests = Self.judged(contests)
    }

    /// The metric of a workload, and, of timers, a second one.
    private static func metrics(_ load: RankedLoad, _ rows: [ResultRow]) -> [RankedLoad] {
        let hasDeadlines = rows.contains { $0.metric == .armAndCancel && $0.cell.peer != nil }
        return [load] + (hasDeadlines ? [RankedLoad(conditions: load.conditions, metric: .armAndCancel)] : [])
    }

    private static func judged(_ contests: [Contest]) -> [Contest] {
        var contests = contests
        let places = contests.indices.flatMap { contest in contests[contest].rivals.indices.map { (contest, $0) } }
        for family in Dictionary(grouping: places, by: { contests[$0.0].load.conditions.workload }).values {
            let tested = family.filter { contests[$0.0].rivals[$0.1].probability != nil }
            let corrected = Holm.corrected(tested.compactMap { contests[$0.0].rivals[$0.1].probability })
            for (place, probability) in zip(tested, corrected) {
                contests[place.0].rivals[place.1].judge(corrected: probability)
            }
        }
        return contests
    }
}

extension AgainstPeers.Contest {
    /// - Parameters:
    ///   - rows: those of the workload on as many processors.
    ///   - floors: the peers that are floors.
    fileprivate init(
        _ load: RankedLoad,
        on processors: Int,
        _ rows: [ResultRow],
        _ floors: Set<String>,
        _ summary: Summary
    ) {
        let measured = rows.filter { $0.metric == load.metric && ($0.figures?.value ?? 0) > 0 }
        let ranking = Ranking([load], by: measured.filter { $0.cell.peer == nil }, in: summary)
        let best = ranking?.entries.first?.rows.first
        let candidates = ranking?.candidates.count ?? 0
        let peers = rows.filter { $0.cell.peer != nil && ($0.metric == load.metric || $0.figures == nil) }
        self.load = load
        self.processors = processors
        self.best = best
        self.candidates = candidates
        rivals = peers.map { row in
            let isFloor = row.cell.peer.map(floors.contains) ?? false
            return AgainstPeers.Rival(row, isFloor: isFloor, against: best, of: max(candidates, 1), summary)
        }
    }
}

extension AgainstPeers.Rival {
    /// - Parameter candidates: how many schedulers could be the best.
    fileprivate init(
        _ row: ResultRow,
        isFloor: Bool,
        against best: ResultRow?,
        of candidates: Int,
        _ summary: Summary
    ) {
        let isHidden = [row, best].contains { $0?.figures?.isBelowResolution == true }
        let comparison = best.flatMap { best in Ranking.comparison([row], to: [best], in: summary) }
        self.row = row
        self.comparison = comparison
        interval = comparison?.interval(error: 0.05 / Double(candidates))
        probability = isFloor ? nil : comparison?.probability.map { min(1, $0 * Double(candidates)) }
        standing =
            row.figures == nil
            ? .missing
            : isHidden ? .belowResolution : comparison == nil ? .incomparable : isFloor ? .floor : .unknown
    }

    fileprivate mutating func judge(corrected: Double) {
        guard let comparison else { return }
        switch Verdict(interval, corrected: corrected) {
        case .different: standing = comparison.ratio < 1 ? .ahead : .behind
        case .negligible: standing = .equal
        case .undecided: standing = .undecided
        case .unknown, .belowResolution: standing = .unknown
        }
    }
}
