// SPDX-License-Identifier: Apache-2.0

import Measurement

extension RunReport {
    /// Whether two builds took turns, and not schedulers alone.
    var comparesBuilds: Bool { if case .build = baseline { true } else { false } }
}

extension FirstScreen {
    /// A run of two builds: whether this one is better, for each kind of load.
    static func buildLines(_ report: RunReport) -> [Line] {
        let kinds = LoadKind.allCases.compactMap { kind in BuildAnswer(kind, report.rows) }
        let corrected = Holm.corrected(kinds.map { $0.comparison.probability ?? 1 })
        return zip(kinds, corrected).map { answer, probability in answer.line(corrected: probability) }
    }
}

/// Two builds, for one kind of load: the comparisons of all of its rows together.
private struct BuildAnswer {
    let kind: LoadKind
    /// The cost of this build divided by that of the other.
    let comparison: Comparison
    private let rows: [ResultRow]

    init?(_ kind: LoadKind, _ rows: [ResultRow]) {
        let own = Self.oneRowPerCell(rows.filter { LoadKind(ofWorkload: $0.cell.workload) == kind })
        let parts = own.compactMap { row -> Comparison? in
            guard let figures = row.figures, figures.verdict != .belowResolution else { return nil }
            return row.metric.direction == .higher ? figures.comparison?.inverse : figures.comparison
        }
        guard let comparison = Comparison(meanOf: parts) else { return nil }
        self.kind = kind
        self.comparison = comparison
        self.rows = own
    }

    /// Two metrics of a server are of the same processes, and count once: by its processor time.
    private static func oneRowPerCell(_ rows: [ResultRow]) -> [ResultRow] {
        let headlines = rows.filter { $0.isHeadline && $0.cell.build == nil }
        let groups = Dictionary(grouping: headlines, by: \.cell)
        return headlines.map(\.cell).unique.compactMap { cell in
            groups[cell]?.first { $0.metric == .serverTime } ?? groups[cell]?.first
        }
    }

    func line(corrected: Double) -> FirstScreen.Line {
        let verdict = Verdict(comparison, corrected: comparison.probability == nil ? nil : corrected)
        return FirstScreen.Line(load: kind, best: answer(verdict), next: nil, worst: nil, sentence: sentence)
    }

    private func answer(_ verdict: Verdict) -> String {
        guard verdict == .different else { return Wording.verdict(verdict) }
        return comparison.ratio < 1 ? "this build is better" : "this build is worse"
    }

    private var sentence: String {
        let interval = comparison.interval.map { " (\(Wording.ratios($0)))" } ?? ""
        let verdicts = rows.map { row in row.figures?.verdict.map { BuildsTable.verdict($0, row) } ?? "not compared" }
        let counts = verdicts.unique.map { verdict in
            "\(verdict) \(verdicts.count { $0 == verdict })"
        }
        return "It takes \(Figure.significant(comparison.ratio)) times what the other takes\(interval). "
            + "Rows: \(counts.joined(separator: ", "))."
    }
}
