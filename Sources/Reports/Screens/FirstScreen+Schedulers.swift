// SPDX-License-Identifier: Apache-2.0

import Measurement

extension FirstScreen {
    /// The answer of a run.
    package init(_ report: RunReport) {
        self.init(
            caption: Self.caption(report),
            warnings: RunWarnings.sentences(report),
            lines: report.comparesBuilds ? Self.buildLines(report) : Self.lines(report),
            notes: report.comparesBuilds ? [] : Self.notes(report)
        )
    }

    private static func caption(_ report: RunReport) -> String {
        let environment = report.environment
        let speed = report.fullSpeedShare.map { ", full speed in \(Figure.percent($0, of: 1)) of turns" } ?? ""
        return "\(environment.cpuModel), CPUs \(environment.cpus), \(environment.date.prefix(10))\(speed)"
    }

    private static func lines(_ report: RunReport) -> [Line] {
        let names = SchedulerNames(report.plan.cells)
        return LoadKind.allCases.compactMap { kind in
            let ran = report.ranked.loads(of: kind)
            let loads = ran.filter { !report.ranked.rows($0).isEmpty }
            guard let first = loads.first, let spoken = Ranking([first], in: report) else {
                return ran.isEmpty ? nil : Line(withoutFigures: kind)
            }
            // Without a scheduler that has figures in all of them.
            let ranking = Ranking(loads, in: report) ?? spoken
            let relieved = report.ranked.loads(named: ["hog-checkpoints"]).flatMap(report.ranked.rows)
            let sentence = LoadSentence(kind, spoken, names, relieved: relieved)
            return Line(kind, ranking, names, sentence: sentence.text)
        }
    }

    private static func notes(_ report: RunReport) -> [String] {
        let names = SchedulerNames(report.plan.cells)
        let pairs = report.sideBySide.pairs
        let nio = pairs.first { $0.question == .backend && $0.scheduler.backend == "nio" }
        return [nio.map { PairSentence.backend($0, names) }, PairSentence.workers(pairs, names)].compactMap(\.self)
    }
}

extension FirstScreen.Line {
    fileprivate init(withoutFigures kind: LoadKind) {
        self.init(
            load: kind,
            best: "no figures",
            next: nil,
            worst: nil,
            sentence: "No scheduler has a figure above zero."
        )
    }

    /// The widest text in the column of the best, in bytes.
    static let bestWidth = 44

    fileprivate init(_ kind: LoadKind, _ ranking: Ranking, _ names: SchedulerNames, sentence: String) {
        self.init(
            load: kind,
            best: ranking.others.isEmpty && ranking.entries.count > 1
                ? Self.equality(ranking) : Self.best(ranking, names),
            next: ranking.others.map(\.factor).min().map(Wording.factor),
            worst: ranking.others.map(\.factor).max().map(Wording.factor),
            sentence: sentence
        )
    }

    /// The names of the best, or, where these are shorter, of the others.
    private static func best(_ ranking: Ranking, _ names: SchedulerNames) -> String {
        let all = ranking.entries.map(\.scheduler)
        let undecided = ranking.undecided.isEmpty ? "" : "; \(ranking.undecided.count) undecided"
        let width = bestWidth - undecided.utf8.count
        let others = ranking.others.map(\.scheduler)
        if others.count <= 2, ranking.candidates.count > 3 {
            return "all but \(names.list(others, of: all, width: bestWidth - 8))"
        }
        return names.list(ranking.best.map(\.scheduler), of: all, width: width) + undecided
    }

    private static func equality(_ ranking: Ranking) -> String {
        let count = ranking.entries.count
        if ranking.entries.allSatisfy(\.isNegligible) { return "no difference between \(count) schedulers" }
        return "cannot tell \(count) schedulers apart"
    }
}
