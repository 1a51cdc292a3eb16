// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// `results.csv`: one row per cell and metric, in tidy format.
package enum ResultsFile {
    private static let columns = [
        "workload", "parameters", "backend", "switching", "cpus", "metric", "unit", "direction", "rounds", "median",
        "ci_low", "ci_high", "min", "max", "ratio", "ratio_low", "ratio_high", "status",
    ]

    /// The text of the file.
    package static func text(_ rows: [ResultRow]) -> String {
        CSV.line(columns) + rows.map(line).joined()
    }

    private static func line(_ row: ResultRow) -> String {
        let figures = row.figures
        let numbers = [
            figures?.median, figures?.interval?.low, figures?.interval?.high, figures?.range.low, figures?.range.high,
            figures?.ratio?.median, figures?.ratio?.interval?.low, figures?.ratio?.interval?.high,
        ]
        return CSV.line(
            CellColumns.values(row.cell)
                + [row.metric.name, row.metric.unit, row.metric.direction.rawValue]
                + [figures.map { "\($0.rounds)" } ?? ""]
                + numbers.map { $0.map(Figure.plain) ?? "" }
                + [row.status.rawValue]
        )
    }
}

/// `samples.csv`: the unrounded value of every round.
package enum SamplesFile {
    private static let columns = [
        "workload", "parameters", "backend", "switching", "cpus", "round", "metric", "unit", "value",
    ]

    /// The text of the file, in the order of the trials.
    package static func text(_ records: [TrialRecord]) -> String {
        CSV.line(columns) + records.flatMap { record in record.measures.map { line(record, $0) } }.joined()
    }

    private static func line(_ record: TrialRecord, _ measure: Measure) -> String {
        CSV.line(
            CellColumns.values(record.observed)
                + ["\(record.trial.round)", measure.metric.name, measure.metric.unit, "\(measure.value)"]
        )
    }
}

private enum CellColumns {
    static func values(_ cell: Cell) -> [String] {
        [cell.workload, cell.parameterList, cell.backend, cell.switching, cell.cpus]
    }
}
