// SPDX-License-Identifier: Apache-2.0

import Measurement

extension PeersScreen {
    /// The screen of a run; nil without peers.
    package init?(_ report: RunReport) {
        let contests = AgainstPeers(report).contests
        guard !contests.isEmpty else { return nil }
        let labels = ContestLabels(contests, report.plan.cells)
        let names = SchedulerNames(report.plan.cells)
        let lines = contests.map { Line($0, labels.label($0), names) }
        let ran = Set(lines.flatMap(\.rivals).map(\.peer))
        let peers = (report.description.peers ?? []).filter { ran.contains($0.name) }
        let floors = Set(peers.filter { $0.floor == true }.map(\.name))
        self.init(
            summary: PeersSummary(lines, floors: floors).sentences,
            lines: lines,
            peers: peers,
            isIsolated: report.description.isIsolated
        )
    }
}

extension PeersScreen.Line {
    fileprivate init(_ contest: AgainstPeers.Contest, _ label: String, _ names: SchedulerNames) {
        let metric = contest.load.metric
        let cells = [contest.best].compactMap(\.self) + contest.rivals.map(\.row)
        self.init(
            label: label,
            workload: contest.load.conditions.workload,
            parameters: cells.first?.cell.parameterList ?? "",
            processors: contest.processors,
            metric: metric.name,
            unit: metric.unit,
            best: contest.best.map { names.name(SchedulerName($0.cell)) },
            value: contest.best?.figures?.value,
            figure: contest.best?.figures.map { Wording.figure($0, unit: metric.unit) } ?? "",
            candidates: contest.candidates,
            rivals: contest.rivals.map { PeersScreen.Rival($0, unit: metric.unit) }
        )
    }
}

extension PeersScreen.Rival {
    fileprivate init(_ rival: AgainstPeers.Rival, unit: String) {
        let figures = rival.row.figures
        self.init(
            peer: rival.row.cell.peer ?? "",
            value: figures?.value,
            figure: figures.map { Wording.figure($0, unit: unit) } ?? Wording.status(rival.row.status),
            ratio: rival.comparison?.ratio,
            interval: rival.interval.map { [$0.low, $0.high] },
            standing: rival.standing
        )
    }
}

/// The names of contests: the workload, and what tells its contests apart.
private struct ContestLabels {
    private let varied: VariedParameters
    private let metrics: [String: Set<Metric>]
    private let hasSeveralCounts: Bool

    init(_ contests: [AgainstPeers.Contest], _ cells: [Cell]) {
        varied = VariedParameters(cells)
        metrics = Dictionary(grouping: contests, by: \.load.conditions.workload).mapValues {
            Set($0.map(\.load.metric))
        }
        hasSeveralCounts = Set(contests.map(\.processors)).count > 1
    }

    func label(_ contest: AgainstPeers.Contest) -> String {
        let workload = contest.load.conditions.workload
        let name = contest.rivals.first.map { varied.label($0.row.cell) } ?? workload
        let metric = metrics[workload, default: []].count > 1 ? " \(contest.load.metric.name)" : ""
        let count = contest.processors
        return name + metric + (hasSeveralCounts ? " on \(count) CPU\(count == 1 ? "" : "s")" : "")
    }
}
