// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The rows of a run, as the founding questions look for them.
struct Evidence {
    let report: RunReport
    let styles: StyledCells
    private let varied: VariedParameters

    init(_ report: RunReport) {
        self.report = report
        styles = StyledCells(report)
        varied = VariedParameters(report.plan.cells)
    }

    /// The rows with figures of a workload by a metric, or by its cells' own one; without those of peers.
    func rows(_ workload: String, _ metric: String? = nil) -> [ResultRow] {
        report.rows.filter { row in
            row.cell.workload == workload && row.metric.name == metric ?? row.cell.metric.name && row.figures != nil
                && row.cell.peer == nil
        }
    }

    /// The row of a scheduler, such as `epoll soft`; nil where it has no figures.
    func row(_ workload: String, _ scheduler: String, _ metric: String? = nil) -> ResultRow? {
        rows(workload, metric).first { $0.scheduler == scheduler }
    }

    /// What a row's figure is to another's; nil where one has too little.
    func comparison(_ row: ResultRow, to other: ResultRow) -> Comparison? {
        report.summary.comparison(of: row.metric, in: row.cell, to: other.cell)
    }

    /// The label of a row's workload in the report.
    func place(_ row: ResultRow) -> FoundingAnswer.Place { .workload(varied.label(row.cell)) }
}

extension ResultRow {
    /// The backend and the switching, such as `epoll soft`.
    var scheduler: String { "\(cell.backend) \(cell.switching)" }

    /// The figure and its unit.
    var text: String { figures.map { Wording.figure($0, unit: metric.unit) } ?? "" }
}

extension Comparison {
    /// `1.23 times as long`, or `as long` within what is negligible.
    func times(_ adjective: String) -> String {
        let isNegligible = interval.map { $0.low >= 1 / Verdict.threshold && $0.high <= Verdict.threshold } ?? false
        return isNegligible ? "as \(adjective)" : "\(Figure.significant(ratio)) times as \(adjective)"
    }

    /// Whether the ratio is above 1 by what is not negligible, and not by chance.
    var isAbove: Bool { interval.map { $0.low > 1 && ratio > Verdict.threshold } ?? false }

    /// The interval as text.
    var intervalText: String? { interval.map(Wording.ratios) }
}
