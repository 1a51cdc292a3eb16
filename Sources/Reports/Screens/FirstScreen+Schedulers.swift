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
        let speed = report.fullSpeedShare.map { ", full speed \(Figure.percent($0, of: 1))" } ?? ""
        return "\(environment.cpuModel), CPUs \(environment.cpus), \(environment.date.prefix(10))\(speed)"
    }

    private static func lines(_ report: RunReport) -> [Line] {
        let names = SchedulerNames(report.plan.cells)
        return LoadKind.allCases.compactMap { kind in
            let loads = report.ranked.loads(of: kind)
            guard let first = loads.first, let ranking = Ranking(loads, in: report) else { return nil }
            let spoken = Ranking([first], in: report) ?? ranking
            return Line(kind, ranking, names, sentence: LoadSentence(kind, spoken, names).text)
        }
    }

    private static func notes(_ report: RunReport) -> [String] {
        let names = SchedulerNames(report.plan.cells)
        let pairs = SideBySide(report).pairs
        let nio = pairs.first { $0.question == .backend && $0.scheduler.backend == "nio" }
        return [nio.flatMap { PairSentence.backend($0, names) }, PairSentence.workers(pairs)].compactMap(\.self)
    }
}

extension FirstScreen.Line {
    /// The widest text in the column of the best, in bytes.
    static let bestWidth = 44

    fileprivate init(_ kind: LoadKind, _ ranking: Ranking, _ names: SchedulerNames, sentence: String) {
        let all = ranking.entries.map(\.scheduler)
        let list = names.list(ranking.best.map(\.scheduler), of: all, width: Self.bestWidth)
        let isOpen = ranking.others.isEmpty && all.count > 1
        self.init(
            load: kind,
            best: isOpen ? Self.equality(ranking) : list,
            next: ranking.others.first.map { Wording.factor($0.factor) },
            worst: ranking.others.map(\.factor).max().map(Wording.factor),
            sentence: sentence
        )
    }

    private static func equality(_ ranking: Ranking) -> String {
        let count = ranking.entries.count
        if ranking.entries.allSatisfy(\.isNegligible) { return "no difference between \(count) schedulers" }
        return "cannot tell \(count) schedulers apart"
    }
}

/// Sentences on pairs of schedulers, for the end of the first screen.
enum PairSentence {
    /// What a backend costs, compared with the reference.
    static func backend(_ pair: SideBySide.Pair, _ names: SchedulerNames) -> String? {
        let told = LoadKind.allCases.compactMap { kind in
            pair.ratios[kind].flatMap { $0.isTold ? "\(kind.title) \(Wording.factor($0.comparison.ratio))" : nil }
        }
        let start = "\(names.name(pair.scheduler)) against \(names.name(pair.reference)):"
        guard !told.isEmpty else { return "\(start) this run cannot tell them apart." }
        return "\(start) \(told.joined(separator: ", "))."
    }

    /// What several workers cost, compared with one.
    static func workers(_ pairs: [SideBySide.Pair]) -> String? {
        let parts = pairs.filter { $0.question == .workers }.compactMap { pair -> String? in
            let ratios = pair.ratios.values.map(\.comparison.ratio).sorted()
            guard let least = ratios.first, let most = ratios.last else { return nil }
            let range = least == most ? Wording.factor(least) : "\(Wording.factor(least))-\(Wording.factor(most))"
            return "\(pair.scheduler.backend) \(range)"
        }
        return parts.isEmpty ? nil : "Against one worker: \(parts.joined(separator: ", "))."
    }
}
