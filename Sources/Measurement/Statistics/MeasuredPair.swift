// SPDX-License-Identifier: Apache-2.0

/// The rows of a metric in two runs; or two whole cells, where those cannot be compared.
struct MeasuredPair: Sendable {
    /// The cell.
    let cell: CellLabel
    /// The metric's name; nil for whole cells.
    let metric: String?
    /// The comparison of the processes; nil where a run has none with a value, and where there is an obstacle.
    let comparison: CrossRunComparison?
    private let isFirst: Bool
    private let old: MeasuredRow?
    private let new: MeasuredRow?
    private let obstacle: Incomparability?

    /// The pairs of a cell, in the order of the old run, then of the new one; a single one if the cells cannot be
    /// compared at all.
    static func pairs(_ cell: CellLabel, old: [MeasuredRow], new: [MeasuredRow]) -> [MeasuredPair] {
        if let obstacle = Incomparability(old: old, new: new) { return [MeasuredPair(cell, obstacle)] }
        let olds = Dictionary(old.map { ($0.metric.name, $0) }) { first, _ in first }
        let news = Dictionary(new.map { ($0.metric.name, $0) }) { first, _ in first }
        let names = (old + new).map(\.metric.name).unique
        let speed = Incomparability(speedOf: old, and: new)
        return names.compactMap {
            MeasuredPair(cell, $0, isFirst: $0 == names.first, old: olds[$0], new: news[$0], speed: speed)
        }
    }

    private init(_ cell: CellLabel, _ obstacle: Incomparability) {
        self.cell = cell
        self.obstacle = obstacle
        (metric, comparison, isFirst, old, new) = (nil, nil, false, nil, nil)
    }

    /// Nil for a metric that is not compared.
    ///
    /// - Parameter speed: why times and rates of the cell cannot be compared; nil if they can.
    private init?(
        _ cell: CellLabel,
        _ metric: String,
        isFirst: Bool,
        old: MeasuredRow?,
        new: MeasuredRow?,
        speed: Incomparability?
    ) {
        let isInformation = [old, new].allSatisfy { $0.map { $0.metric.direction == .info } ?? true }
        guard !isInformation, !metric.hasSuffix("-max") else { return nil }
        self.cell = cell
        self.metric = metric
        self.isFirst = isFirst
        self.old = old
        self.new = new
        obstacle = Incomparability(old: old, new: new) ?? (old?.metric.dependsOnSpeed == true ? speed : nil)
        comparison =
            if let old, let new, obstacle == nil { CrossRunComparison(of: new, to: old) } else { nil }
    }

    /// The row of the comparison.
    func row(corrected: Double?, threshold: Double) -> ComparedRow {
        let direction = old?.metric.direction ?? .info
        let isResolved = [old, new].allSatisfy { $0?.isBelowResolution != true }
        let change =
            isResolved
            ? Change(comparison, corrected: corrected, direction: direction, threshold: threshold)
            : Change(belowResolution: comparison)
        return ComparedRow(
            cell: cell,
            metric: metric,
            isFirst: isFirst,
            old: old?.measure,
            new: new?.measure,
            finding: obstacle.map { .incomparable($0) } ?? .change(change)
        )
    }
}

extension MeasuredRow {
    fileprivate var measure: Measure? { figure.map { Measure(metric, $0) } }
}
