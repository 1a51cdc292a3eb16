// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The answer to where the runtimes that the project began with stand on the same work.
enum PeersAnswer {
    static let question = "Where do gevent, eventlet, greenlet, Twisted and PyPy's Stackless stand on the same work?"

    /// The runtimes that the question is about, by the names of their peers.
    static let peers = ["greenlet", "gevent", "eventlet", "twisted", "pypy-stackless"]

    /// How to get the missing peers; nil where all took part.
    static func missing(_ report: RunReport) -> String? {
        let present = (report.description.peers ?? []).map(\.name)
        let missing = peers.filter { !present.contains($0) }
        guard !missing.isEmpty else { return nil }
        let names = missing.joined(separator: ",")
        return "Without \(missing.joined(separator: ", ")): `scripts/setup --peers \(names)` installs what can be had."
    }

    static func answer(_ report: RunReport) -> FoundingAnswer {
        let contests = AgainstPeers(report).contests.filter { $0.processors == 1 }
        let parts = contests.compactMap(part)
        let lines = parts.map(\.text) + [missing(report)].compactMap(\.self)
        let worst = parts.flatMap(\.rivals).min { $0.ratio < $1.ratio }
        return FoundingAnswer(
            question: question,
            sentence: parts.isEmpty ? missing(report) ?? "No peer has figures." : lines.joined(separator: " "),
            figure: worst.map { Wording.factor($0.ratio) },
            interval: worst?.interval.map(Wording.ratios),
            evidence: .section(PeersSection.heading)
        )
    }

    private struct Part {
        let text: String
        let rivals: [(ratio: Double, interval: Interval?)]
    }

    /// What a workload says: nil where none of them has figures.
    private static func part(_ contest: AgainstPeers.Contest) -> Part? {
        let rivals = contest.rivals.filter { peers.contains($0.row.cell.peer ?? "") }
        let told = rivals.compactMap { rival in
            rival.comparison.map { (peer: rival.row.cell.peer ?? "", ratio: $0.ratio, interval: rival.interval) }
        }
        .sorted { $0.ratio < $1.ratio }
        guard let best = contest.best, !told.isEmpty else { return nil }
        let list = told.map { "\($0.peer) \(Wording.factor($0.ratio))" }.joined(separator: ", ")
        let text = "\(contest.load.conditions.workload): \(list) what \(best.scheduler) takes (\(best.text))."
        return Part(text: text.capitalizedFirst, rivals: told.map { ($0.ratio, $0.interval) })
    }
}
