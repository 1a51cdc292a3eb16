// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A metric of a cell over all of its processes: a row of `results.csv`.
package struct ResultRow: Sendable, Equatable {
    /// The figures of a cell whose trials all succeeded.
    package struct Figures: Sendable, Equatable {
        /// How many processes have a value.
        package var processes: Int
        /// The figure: the mean over the processes (geometric, unless the metric only explains others; trimmed, see
        /// ``TrimmedMean``), or, of wait times, the percentile of the waits of all of them.
        package var value: Double
        /// The 95 % confidence interval of the mean over the processes; nil for fewer than three.
        package var interval: Interval?
        /// The minimum and the maximum over the processes.
        package var range: Interval
        /// The ratio to the baseline; nil without a baseline to compare with.
        package var comparison: Comparison?
        /// The p-value of the comparison, corrected for those of this metric in the workload.
        package var corrected: Double?
        /// The share of the turns that ran at full speed; nil for metrics that are not taken from those.
        package var fullSpeedShare: Double?
        /// Whether the figure is below what can be measured; see ``Resolution``.
        package var isBelowResolution = false
        /// Whether the figure that it is compared with is.
        package var isReferenceBelowResolution = false

        /// What the comparison allows to say; nil without one.
        package var verdict: Verdict? {
            guard let comparison else { return nil }
            guard !isBelowResolution, !isReferenceBelowResolution else { return .belowResolution }
            return Verdict(comparison, corrected: corrected)
        }
    }

    /// The cell, as observed.
    package var cell: Cell
    /// The metric.
    package var metric: Metric
    /// The figures; nil unless the trials succeeded.
    package var figures: Figures?
    /// The outcome of the cell's trials: the first that is not ok.
    package var status: TrialStatus

    /// Whether a report shows the row first.
    ///
    /// It does for the cell's own metric, and for the processor time of the server alone where a load generator may limit
    /// that metric.
    package var isHeadline: Bool { metric == cell.metric || (metric == .serverTime && !cell.metric.isPercentile) }

    /// Creates a row.
    package init(cell: Cell, metric: Metric, figures: Figures?, status: TrialStatus) {
        self.cell = cell
        self.metric = metric
        self.figures = figures
        self.status = status
    }
}

/// Summarizes trial records into the rows of a report.
package struct Summary: Sendable {
    /// One row per cell and metric, in the plan's order.
    package let rows: [ResultRow]
    /// The figures of each record.
    package let processes: [ProcessFigures]
    /// Which cells are judged by their turns at full speed.
    package let judged: JudgedSpeed
    private let samples: [Cell: CellSample]

    /// Summarizes the records so far; cells that have not run have no rows.
    ///
    /// - Parameter resolution: what can be measured; nil if that is not known.
    package init(
        of records: [TrialRecord],
        cells: [Cell],
        baseline: Baseline,
        stopping: Stopping = .planned,
        resolution: Resolution? = nil
    ) {
        let speed = FullSpeed(of: records)
        processes = records.map { ProcessFigures($0, speed) }
        let measured = zip(records, processes).map { (record: $0, figures: $1) }.filter { !$0.record.trial.isCounting }
        let byCell = Dictionary(grouping: measured, by: \.record.observed)
        let counted = Dictionary(grouping: records.counted, by: \.trial.cell)
        // A scheduler may have run something other than what was requested: such cells come after the planned ones.
        let unplanned = Set(byCell.keys).subtracting(cells).sorted { $0.order < $1.order }
        let samples = Self.samples(byCell, counted, stopping, resolution)
        let judged = JudgedSpeed(samples.mapValues(\.processes), baseline: baseline)
        let rows = Parallel.map(cells + unplanned) { cell -> [ResultRow] in
            guard let own = samples[cell] else { return [] }
            let reference = baseline.reference(of: cell, among: samples.keys)
            return own.rows(of: cell, against: reference.flatMap { cell in samples[cell].map { (cell, $0) } }, judged)
        }
        self.rows = Self.corrected(rows.flatMap(\.self))
        self.samples = samples
        self.judged = judged
    }

    private static func samples(
        _ measured: [Cell: [(record: TrialRecord, figures: ProcessFigures)]],
        _ counted: [Cell: [TrialRecord]],
        _ stopping: Stopping,
        _ resolution: Resolution?
    ) -> [Cell: CellSample] {
        let all = Parallel.map(Array(measured)) { cell, own in
            // The trials of a cell all ask for the same, whatever label they have from what ran.
            let counted = own.first.flatMap { counted[$0.record.trial.cell] } ?? []
            return (cell, CellSample(own, counted: counted, stopping, resolution))
        }
        return Dictionary(uniqueKeysWithValues: all)
    }

    /// Compares any two cells by a metric; nil where one of them has no figures, or the metric no better direction.
    package func comparison(of metric: Metric, in cell: Cell, to other: Cell) -> Comparison? {
        guard let sample = samples[cell], let reference = samples[other] else { return nil }
        return sample.comparison(metric, primary: cell.metric, reference)
    }

    /// Corrects the p-values of the headlines of a workload together, and of each other metric.
    private static func corrected(_ rows: [ResultRow]) -> [ResultRow] {
        var rows = rows
        let families = Dictionary(grouping: rows.indices) { index in
            [rows[index].cell.workload, rows[index].isHeadline ? "" : rows[index].metric.name]
        }
        for family in families.values {
            let tested = family.filter { rows[$0].figures?.comparison?.probability != nil }
            let corrected = Holm.corrected(tested.compactMap { rows[$0].figures?.comparison?.probability })
            for (index, probability) in zip(tested, corrected) { rows[index].figures?.corrected = probability }
        }
        return rows
    }
}

extension Cell {
    /// Puts the cells that a plan does not have into one order.
    fileprivate var order: String {
        [workload, parameterList, scheduler, switching, cpus, build ?? ""].joined(separator: "\0")
    }
}
