// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// `results.csv`: one row per cell and metric, in tidy format.
package enum ResultsFile {
    private static let columns = [
        "workload", "parameters", "backend", "switching", "cpus", "metric", "unit", "direction", "rounds", "median",
        "ci_low", "ci_high", "min", "max", "ratio", "ratio_low", "ratio_high", "status", "p_corrected", "verdict",
        "smallest_effect", "full_speed", "build", "workers", "resolution",
    ]

    /// The text of the file.
    package static func text(_ rows: [ResultRow]) -> String {
        CSV.line(columns) + Parallel.map(rows, line).joined()
    }

    private static func line(_ row: ResultRow) -> String {
        let figures = row.figures
        let numbers = [
            figures?.value, figures?.interval?.low, figures?.interval?.high, figures?.range.low, figures?.range.high,
            figures?.comparison?.ratio, figures?.comparison?.interval?.low, figures?.comparison?.interval?.high,
        ]
        let conclusions = [
            figures?.corrected.map(Figure.plain), figures?.verdict?.rawValue,
            figures?.comparison?.smallestEffect.map(Figure.plain), figures?.fullSpeedShare.map(Figure.plain),
        ]
        return CSV.line(
            CellColumns.values(row.cell)
                + [row.metric.name, row.metric.unit, row.metric.direction.rawValue]
                + [figures.map { "\($0.processes)" } ?? ""]
                + numbers.map { $0.map(Figure.plain) ?? "" }
                + [row.status.rawValue]
                + conclusions.map { $0 ?? "" }
                + [row.cell.build ?? "", "\(row.cell.workers ?? 1)"]
                + [figures?.isBelowResolution == true ? ResolutionColumn.below : ""]
        )
    }
}

/// The `resolution` column of `results.csv`.
enum ResolutionColumn {
    /// Says that the figure is below what can be measured; the field is empty otherwise.
    static let below = "below"
}

/// `samples.csv`: the value of every process, to twelve digits, and how long the yardstick took meanwhile; those of
/// counting trials belong to round 0.
package enum SamplesFile {
    private static let columns = [
        "workload", "parameters", "backend", "switching", "cpus", "round", "metric", "unit", "value", "build",
        "workers", "yardstick",
    ]

    /// The text of the file, in the order of the trials.
    package static func text(_ report: RunReport) -> String {
        CSV.line(columns) + Parallel.map(report.samples, lines).joined()
    }

    private static func lines(_ sample: ProcessSamples) -> String {
        let record = sample.record
        let cell = record.observed
        let prefix = CSV.fields(CellColumns.values(cell) + ["\(record.trial.round)"])
        return sample.measures.map { measure in
            CSV.line(
                prefix,
                [
                    measure.metric.name, measure.metric.unit,
                    // To more digits than any figure has: a logarithm and back leaves dirt in the last ones.
                    "\(Figure.rounded(measure.value, digits: 12))", cell.build ?? "", "\(cell.workers ?? 1)",
                    sample.yardstick(of: measure.metric).map(Figure.plain) ?? "",
                ]
            )
        }.joined()
    }
}

private enum CellColumns {
    static func values(_ cell: Cell) -> [String] {
        [cell.workload, cell.parameterList, cell.backend, cell.switching, cell.cpus]
    }
}
