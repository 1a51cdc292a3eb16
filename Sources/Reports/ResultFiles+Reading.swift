// SPDX-License-Identifier: Apache-2.0

package import Measurement

extension ResultsFile {
    /// Reads a file: its rows, with the values of their processes.
    ///
    /// - Throws: ``CSVError`` for a text that cannot be one, and for two rows of the same cell and metric.
    package static func rows(_ text: String, samples: SampleValues) throws -> [MeasuredRow] {
        let table = try CSVTable(text, needs: KeyColumns.all + ["unit", "direction", "median", "status"])
        var lines: [MeasuredRow.Key: Int] = [:]
        return try table.rows.map { row in
            let key = KeyColumns.key(row)
            if let earlier = lines.updateValue(row.line, forKey: key) {
                throw CSVError(line: row.line, problem: "repeats the cell and the metric of line \(earlier)")
            }
            let direction = try row.word("direction", of: [Metric.Direction.lower, .higher, .info])
            return MeasuredRow(
                cell: key.cell,
                metric: Metric(name: key.metric, unit: row["unit"], direction: direction),
                status: try row.word("status", of: [.ok, .failed, .unsupported, .debug]),
                figure: row["median"].isEmpty ? nil : try row.number("median"),
                values: samples[key]?.values ?? [],
                yardsticks: samples[key]?.yardsticks ?? [],
                // Older files do not have the columns.
                isBelowResolution: row["resolution"] == ResolutionColumn.below,
                isAtFullSpeed: row.has("full_speed") ? !row["full_speed"].isEmpty : nil
            )
        }
    }
}

/// The values of `samples.csv`, by cell and metric.
package typealias SampleValues = [MeasuredRow.Key: ProcessValues]

/// The values of a metric of a cell.
package struct ProcessValues: Sendable, Equatable {
    /// The values, one per process.
    package var values: [Double] = []
    /// How long the yardstick took on average in the turns from which the values come, in nanoseconds; none in older
    /// files.
    package var yardsticks: [Double] = []
}

extension SamplesFile {
    /// Reads a file.
    ///
    /// - Throws: ``CSVError`` for a text that cannot be one.
    package static func values(_ text: String) throws -> SampleValues {
        let table = try CSVTable(text, needs: KeyColumns.all + ["value"])
        return try table.rows.reduce(into: [:]) { values, row in
            let key = KeyColumns.key(row)
            values[key, default: ProcessValues()].values.append(try row.number("value"))
            // A process without turns has none, and older files do not have the column.
            guard !row["yardstick"].isEmpty else { return }
            values[key]?.yardsticks.append(try row.number("yardstick"))
        }
    }
}

/// The columns that tell the rows of both files apart.
private enum KeyColumns {
    static let all = ["workload", "parameters", "backend", "switching", "cpus", "metric"]

    static func key(_ row: CSVTable.Row) -> MeasuredRow.Key {
        let cell = CellLabel(
            workload: row["workload"],
            parameters: row["parameters"],
            backend: row["backend"],
            switching: row["switching"],
            cpus: row["cpus"],
            // Older files do not have the column.
            build: row["build"],
            workers: row["workers"].isEmpty ? "1" : row["workers"]
        )
        return MeasuredRow.Key(cell: cell, metric: row["metric"])
    }
}
