// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A cell of the table of all results.
struct ResultCell {
    /// What the table shows.
    var content: String
    /// The figure, or the lower end of the interval, to the digits of `results.csv`; nil for other text.
    var low: String?
    /// The upper end of the interval, to the same digits; nil for other cells.
    var high: String?
    /// Whether the column is one of numbers.
    var isNumber = false
}

/// The columns of the table of all results, and what a row has in them.
struct ResultCells {
    /// The columns.
    let columns: [TableView.Heading]
    private let baseline: Baseline
    private let varied: VariedParameters
    private let remarks: GeneratorRemarks
    private let hasBuilds: Bool

    /// Prepares the rows of a run.
    init(_ report: RunReport) {
        baseline = report.baseline
        varied = VariedParameters(report.rows.map(\.cell))
        remarks = GeneratorRemarks(report.rows)
        hasBuilds = report.rows.contains { $0.cell.build != nil }
        columns =
            Self.texts(["workload", "backend", "switching"] + (hasBuilds ? ["build"] : []) + ["CPUs", "metric"])
            + Self.numbers(["value", "95 % interval", "ratio", "ratio's interval"]) + Self.texts(["verdict"])
            + Self.numbers(["finds", "processes", "full speed"]) + Self.texts(["answer"])
    }

    /// The cells of a row, one per column.
    func cells(_ row: ResultRow) -> [ResultCell] {
        let cell = row.cell
        let label =
            [varied.label(cell), cell.scheduler, cell.switching] + (hasBuilds ? [Wording.build(cell.build)] : [])
        let names = (label + [cell.cpus, row.metric.name]).map { ResultCell(content: $0) }
        let answer = Wording.status(row.status) + remarks.remark(on: cell, for: row.metric)
        return names + figures(row) + [ResultCell(content: verdict(row))] + certainty(row.figures)
            + [ResultCell(content: answer)]
    }

    private func figures(_ row: ResultRow) -> [ResultCell] {
        let unit = row.metric.unit
        let figures = row.figures
        let comparison = figures?.comparison
        let ratio = comparison.map { Self.number(Figure.significant($0.ratio), $0.ratio) }
        let value = figures.map { Self.number(ResultText.figure($0.value, unit: unit), $0.value) }
        return [
            value ?? ResultCell(content: Wording.status(row.status), isNumber: true),
            figures?.interval.map { Self.interval(Wording.interval($0, unit: unit), $0) },
            ratio ?? ResultCell(content: isBaseline(row) ? "baseline" : "", isNumber: true),
            comparison?.interval.map { Self.interval(Wording.ratios($0), $0) },
        ].map { $0 ?? ResultCell(content: "", isNumber: true) }
    }

    private func certainty(_ figures: ResultRow.Figures?) -> [ResultCell] {
        [
            figures?.comparison?.smallestEffect.map { Self.number(Wording.effect($0), $0) },
            figures.map { ResultCell(content: "\($0.processes)", isNumber: true) },
            figures?.fullSpeedShare.map { Self.number(Figure.percent($0, of: 1), $0) },
        ].map { $0 ?? ResultCell(content: "", isNumber: true) }
    }

    private func isBaseline(_ row: ResultRow) -> Bool { row.figures != nil && baseline.matches(row.cell) }

    private func verdict(_ row: ResultRow) -> String {
        guard let verdict = row.figures?.verdict else { return "" }
        guard case .build = baseline else { return Wording.verdict(verdict) }
        return BuildsTable.verdict(verdict, row)
    }

    private static func number(_ text: String, _ value: Double) -> ResultCell {
        ResultCell(content: text, low: Figure.plain(value), isNumber: true)
    }

    private static func interval(_ text: String, _ interval: Interval) -> ResultCell {
        ResultCell(content: text, low: Figure.plain(interval.low), high: Figure.plain(interval.high), isNumber: true)
    }

    private static func texts(_ titles: [String]) -> [TableView.Heading] {
        titles.map { TableView.Heading(title: $0, isNumber: false) }
    }

    private static func numbers(_ titles: [String]) -> [TableView.Heading] {
        titles.map { TableView.Heading(title: $0, isNumber: true) }
    }
}
