// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A cause of hard switches in `blocking-styles`, and what comes of softening it: a cell without and one with that.
struct SofterSwitches {
    /// What was done.
    let title: String
    let without: StyledCell
    let with: StyledCell
    /// The processor time of a request with it, divided by that without.
    private(set) var processorTime: Ratio?
    /// The same of the median of the added latency.
    private(set) var addedLatency: Ratio?

    /// The ratio of two figures.
    struct Ratio {
        let comparison: Comparison
        /// Whether the run can tell it from 1, corrected for all of its kind.
        var isTold = false
    }

    static let latency = Metric.percentile(50, of: "added-latency")

    /// All that a run has measured both without and with, in the order of the latter's first rows.
    static func all(_ report: RunReport) -> [SofterSwitches] {
        let cells = StyledCell.all(report.rows).filter(\.status.hasFigures)
        let pairs = cells.compactMap { with -> SofterSwitches? in
            guard let (title, style) = change(with) else { return nil }
            let without = cells.first {
                $0.style == style && $0.place == with.place && $0.softening == nil && $0.common == with.common
            }
            return without.map { SofterSwitches(title: title, without: $0, with: with, in: report.summary) }
        }
        return corrected(corrected(pairs, \.processorTime), \.addedLatency)
    }

    /// What a cell has in place of something else, and the style of the cell that has that; nil for nothing.
    private static func change(_ cell: StyledCell) -> (title: String, style: String)? {
        switch cell.softening {
        case nil: cell.style == "one-shot" ? ("one-shot in place of a channel", "block-on") : nil
        case "queued-hand-over": ("hand-over without a switch", cell.style)
        case "callback-tasklets": ("callbacks in tasklets of their own", cell.style)
        case "fast-path": ("awaited before the frame", cell.style)
        case let other?: (other, cell.style)
        }
    }

    private init(title: String, without: StyledCell, with: StyledCell, in summary: Summary) {
        self.title = title
        self.without = without
        self.with = with
        func ratio(_ metric: Metric) -> Ratio? {
            summary.comparison(of: metric, in: with.cell, to: without.cell).map { Ratio(comparison: $0) }
        }
        processorTime = ratio(.cpuTime)
        addedLatency = ratio(Self.latency)
    }

    /// Holm's correction for the ratios of a figure.
    private static func corrected(
        _ pairs: [SofterSwitches],
        _ ratio: WritableKeyPath<SofterSwitches, Ratio?>
    ) -> [SofterSwitches] {
        var pairs = pairs
        let known = pairs.indices.filter { pairs[$0][keyPath: ratio]?.comparison.probability != nil }
        let probabilities = known.compactMap { pairs[$0][keyPath: ratio]?.comparison.probability }
        for (index, probability) in zip(known, Holm.corrected(probabilities)) {
            guard let comparison = pairs[index][keyPath: ratio]?.comparison else { continue }
            pairs[index][keyPath: ratio]?.isTold = Verdict(comparison, corrected: probability) == .different
        }
        return pairs
    }
}
