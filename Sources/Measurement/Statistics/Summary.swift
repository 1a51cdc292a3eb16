// SPDX-License-Identifier: Apache-2.0

/// A metric of a cell over all rounds: a row of `results.csv`.
package struct ResultRow: Sendable, Equatable {
    /// The figures of a cell whose trials all succeeded.
    package struct Figures: Sendable, Equatable {
        /// How many rounds have a value.
        package var rounds: Int
        /// The median over the rounds.
        package var median: Double
        /// The 95 % confidence interval of the median; nil for one or two rounds.
        package var interval: Interval?
        /// The minimum and the maximum over the rounds.
        package var range: Interval
        /// The ratio to the baseline; nil without a baseline to compare with.
        package var ratio: Ratio?
    }

    /// A comparison with the baseline: the median over the rounds of the ratio within each round.
    package struct Ratio: Sendable, Equatable {
        /// How many rounds have values of both.
        package var rounds: Int
        /// The median ratio; 1 means equal.
        package var median: Double
        /// Its 95 % confidence interval; nil for one or two rounds.
        package var interval: Interval?

        /// Whether the interval excludes 1; nil without an interval.
        package var isDifferent: Bool? { interval.map { !$0.contains(1) } }
    }

    /// The cell, as observed.
    package var cell: Cell
    /// The metric.
    package var metric: Metric
    /// The figures; nil unless the trials succeeded.
    package var figures: Figures?
    /// The outcome of the cell's trials: the first that is not ok.
    package var status: TrialStatus

    /// Creates a row.
    package init(cell: Cell, metric: Metric, figures: Figures?, status: TrialStatus) {
        self.cell = cell
        self.metric = metric
        self.figures = figures
        self.status = status
    }
}

/// The scheduler that all others are compared with.
package struct Baseline: Sendable, Equatable, Codable {
    /// The backend's name.
    package var backend: String
    /// The switching's name.
    package var switching: String

    /// Creates a baseline.
    package init(backend: String, switching: String) {
        self.backend = backend
        self.switching = switching
    }

    /// Whether a cell ran on the baseline.
    package func matches(_ cell: Cell) -> Bool { cell.backend == backend && cell.switching == switching }
}

/// Summarizes trial records into the rows of a report.
package struct Summary: Sendable {
    /// One row per cell and metric, in the plan's order.
    package let rows: [ResultRow]

    /// Summarizes the records so far; cells that have not run have no rows.
    package init(of records: [TrialRecord], cells: [Cell], baseline: Baseline) {
        let byCell = Dictionary(grouping: records, by: \.observed)
        // A scheduler may have run something other than what was requested: such cells come after the planned ones.
        let unplanned = Set(byCell.keys).subtracting(cells).sorted { "\($0)" < "\($1)" }
        rows = (cells + unplanned).flatMap { cell -> [ResultRow] in
            guard let own = byCell[cell] else { return [] }
            let reference = byCell.first { $0.key.isComparable(with: cell) && baseline.matches($0.key) }
            return Self.rows(of: own, cell: cell, reference: reference?.key == cell ? nil : reference?.value)
        }
    }

    private static func rows(of records: [TrialRecord], cell: Cell, reference: [TrialRecord]?) -> [ResultRow] {
        let status = records.first { $0.status != .ok }?.status ?? .ok
        guard status.hasFigures else {
            return [ResultRow(cell: cell, metric: cell.metric, figures: nil, status: status)]
        }
        return metrics(of: records).map { metric in
            let values = valuesByRound(metric, in: records)
            let references = reference.map { valuesByRound(metric, in: $0) } ?? [:]
            let figures = figures(values, against: metric.direction == .info ? [:] : references)
            return ResultRow(cell: cell, metric: metric, figures: figures, status: status)
        }
    }

    private static func metrics(of records: [TrialRecord]) -> [Metric] {
        records.flatMap(\.measures).map(\.metric).unique
    }

    private static func valuesByRound(_ metric: Metric, in records: [TrialRecord]) -> [Int: Double] {
        var values: [Int: Double] = [:]
        for record in records where record.status.hasFigures {
            values[record.trial.round] = record.measures.first { $0.metric == metric }?.value
        }
        return values
    }

    private static func figures(_ values: [Int: Double], against references: [Int: Double]) -> ResultRow.Figures? {
        let sorted = values.values.sorted()
        guard let median = Statistics.median(sorted), let least = sorted.first, let most = sorted.last else {
            return nil
        }
        return ResultRow.Figures(
            rounds: sorted.count,
            median: median,
            interval: Bootstrap.medianInterval(of: sorted),
            range: Interval(low: least, high: most),
            ratio: ratio(values, against: references)
        )
    }

    private static func ratio(_ values: [Int: Double], against references: [Int: Double]) -> ResultRow.Ratio? {
        let ratios = values.keys.sorted().compactMap { round -> Double? in
            guard let value = values[round], let reference = references[round], reference > 0 else { return nil }
            return value / reference
        }
        guard let median = Statistics.median(ratios) else { return nil }
        return ResultRow.Ratio(rounds: ratios.count, median: median, interval: Bootstrap.medianInterval(of: ratios))
    }
}

extension Cell {
    fileprivate func isComparable(with other: Cell) -> Bool {
        workload == other.workload && parameters == other.parameters
    }
}
