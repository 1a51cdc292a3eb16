// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A scheduler in the workload `depth`: a round trip at each number of bytes below the wait, against a soft one with
/// none.
struct DepthSweep {
    /// From which depth on a round trip takes ten times as long as a soft one.
    enum Tenfold: Equatable {
        /// From so many bytes on, between two measured depths.
        case from(Double)
        /// From the least measured depth on, or below.
        case always
        /// Not up to the greatest measured depth.
        case notUpTo(Int)
    }

    static let factor = 10.0

    /// The scheduler and the other parameters.
    let cell: Cell
    /// The figures by depth in bytes, ascending.
    let figures: [(bytes: Int, figures: ResultRow.Figures)]
    /// Nanoseconds of a soft round trip at depth 0.
    let soft: Double

    /// The sweeps in the order of their first rows; empty without a soft round trip to compare with.
    static func all(_ rows: [ResultRow]) -> [DepthSweep] {
        let own = rows.filter { $0.cell.workload == "depth" && $0.metric == $0.cell.metric && $0.figures != nil }
        let references = own.filter { $0.cell.switching == "soft" && $0.cell.number("bytes") == 0 }
        let groups = Dictionary(grouping: own, by: \.cell.withoutBytes)
        return own.map(\.cell.withoutBytes).unique.compactMap { cell in
            guard let soft = reference(for: cell, in: references) else { return nil }
            return DepthSweep(cell, groups[cell] ?? [], soft)
        }
    }

    /// The scheduler's own soft round trip, or else the fastest.
    private static func reference(for cell: Cell, in rows: [ResultRow]) -> Double? {
        let own = rows.filter { $0.cell.backend == cell.backend }
        return (own.isEmpty ? rows : own).compactMap { $0.figures?.value }.min()
    }

    private init(_ cell: Cell, _ rows: [ResultRow], _ soft: Double) {
        self.cell = cell
        self.soft = soft
        figures = rows.compactMap { row in
            row.figures.flatMap { figures in row.cell.number("bytes").map { ($0, figures) } }
        }
        .sorted { $0.0 < $1.0 }
    }

    /// Where the curve crosses ten soft round trips, with straight lines between the measured points; nil for a single
    /// point below.
    var tenfold: Tenfold? {
        guard let first = figures.first, let last = figures.last else { return nil }
        guard first.figures.value < Self.factor * soft else { return .always }
        for (below, above) in zip(figures, figures.dropFirst()) where above.figures.value >= Self.factor * soft {
            let share = (Self.factor * soft - below.figures.value) / (above.figures.value - below.figures.value)
            return .from(Double(below.bytes) + share * Double(above.bytes - below.bytes))
        }
        return figures.count > 1 ? .notUpTo(last.bytes) : nil
    }
}

extension Cell {
    fileprivate var withoutBytes: Cell {
        var cell = self
        cell.parameters["bytes"] = nil
        return cell
    }
}
