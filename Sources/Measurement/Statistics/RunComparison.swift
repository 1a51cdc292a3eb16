// SPDX-License-Identifier: Apache-2.0

/// Compares two runs, metric by metric.
///
/// The values are those of processes that ran at different times, so that it is Welch's comparison. Metrics that only
/// explain others are not compared, nor are longest waits: that of a process says nothing about that of another.
package struct RunComparison: Sendable {
    /// One row per metric of cells that both runs measured, and one per cell that they did not; workload by workload, in
    /// the order of the old run, then of the new one.
    package let rows: [ComparedRow]

    /// Compares the rows of a new run with those of an old one.
    ///
    /// - Parameter threshold: the ratio above 1, or its inverse below, up to which a change is negligible.
    package init(of new: [MeasuredRow], to old: [MeasuredRow], threshold: Double) {
        let news = Dictionary(grouping: new, by: \.cell)
        let olds = Dictionary(grouping: old, by: \.cell)
        let cells = (old + new).map(\.cell).unique
        let sorted = cells.map(\.workload).unique.flatMap { name in cells.filter { $0.workload == name } }
        let pairs = sorted.flatMap { MeasuredPair.pairs($0, old: olds[$0] ?? [], new: news[$0] ?? []) }
        let corrected = Self.corrected(pairs)
        rows = pairs.indices.map { pairs[$0].row(corrected: corrected[$0], threshold: threshold) }
    }

    /// Whether a metric is worse, by more than the threshold, or a cell fails now that did not.
    package var hasRegression: Bool {
        rows.contains { $0.change?.verdict == .worse || $0.finding == .incomparable(.status(old: .ok, new: .failed)) }
    }

    /// The p-values by the indices of the pairs, those of each metric of a workload corrected together.
    private static func corrected(_ pairs: [MeasuredPair]) -> [Int: Double] {
        let tested = pairs.indices.filter { pairs[$0].comparison?.probability != nil }
        let families = Dictionary(grouping: tested) { [pairs[$0].cell.workload, pairs[$0].metric ?? ""] }
        return families.values.reduce(into: [:]) { result, family in
            let corrected = Holm.corrected(family.compactMap { pairs[$0].comparison?.probability })
            for (index, probability) in zip(family, corrected) { result[index] = probability }
        }
    }
}

/// A row of the comparison of two runs.
package struct ComparedRow: Sendable, Equatable {
    /// What the comparison says.
    package enum Finding: Sendable, Equatable {
        /// The rows were compared.
        case change(Change)
        /// They cannot be.
        case incomparable(Incomparability)
    }

    /// The cell.
    package let cell: CellLabel
    /// The metric's name; nil for the whole cell, which cannot be compared.
    package let metric: String?
    /// Whether it is the first metric of the cell, which is the one specific to the workload.
    package let isFirst: Bool
    /// The figure of the old run.
    package let old: Measure?
    /// The figure of the new run.
    package let new: Measure?
    /// The finding.
    package let finding: Finding

    /// How the metric changed; nil if that cannot be compared.
    package var change: Change? {
        guard case .change(let change) = finding else { return nil }
        return change
    }
}
