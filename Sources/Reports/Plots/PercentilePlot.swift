// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement

/// The percentiles of wait times, from the median to the rarest that the number of waits supports.
struct PercentilePlot {
    private let label: String
    private let series: String
    private let curves: [(scheduler: PlottedScheduler, histogram: LatencyHistogram)]

    /// The plots of a workload, one for each series of waits.
    static func plots(_ label: String, _ cells: [Cell], of all: PlottedCells) -> [Plot] {
        let merged = cells.map { (PlottedScheduler($0), waits(all.records(of: $0))) }
        return Set(merged.flatMap(\.1.keys)).sorted().compactMap { series in
            let curves = merged.compactMap { scheduler, histograms in
                histograms[series].map { (scheduler, $0) }
            }
            return PercentilePlot(label: label, series: series, curves: curves.filter { $0.1.count >= fewest }).plot
        }
    }

    /// Fewer waits than that do not even have ten beyond the median.
    private static let fewest: UInt64 = 20

    private static func waits(_ records: [TrialRecord]) -> [String: LatencyHistogram] {
        records.reduce(into: [:]) { merged, record in
            for (series, histogram) in record.histograms {
                merged[series, default: LatencyHistogram()].merge(histogram)
            }
        }
    }

    private var plot: Plot? {
        guard !curves.isEmpty else { return nil }
        let name = Plots.name("percentiles", "\(label)-\(series)")
        let title = "\(label): \(series) by percentile"
        let description = self.description
        let svg = chart.svg(name: name, title: title, description: description)
        return Plot(name: name, title: title, description: description, workload: label, svg: svg)
    }

    private var chart: LineChart {
        let lines = curves.map { LineChart.Series(scheduler: $0.scheduler, samples: samples($0.histogram)) }
        let points = lines.flatMap(\.samples)
        return LineChart(
            caption: "\(label): the \(series) that this share of the waits does not exceed",
            title: "share of the waits",
            x: Self.axis(to: points.map(\.x).max() ?? 2),
            y: .logarithmic(points.map(\.y), unit: "ns"),
            series: lines
        )
    }

    /// Along the axis, every step leaves the same part of the waits: one in `x` is longer.
    private func samples(_ histogram: LatencyHistogram) -> [LineChart.Sample] {
        let end = Double(histogram.count) / 10
        let steps = (0...Int(log10(end) * Self.stepsInDecade)).map { pow(10, Double($0) / Self.stepsInDecade) }
        let marked = Self.marks.filter { $0 <= end }
        let rarities = Set(steps.filter { $0 > 2 } + marked + [end]).sorted()
        return zip(rarities, histogram.percentiles(rarities.map { 100 * (1 - 1 / $0) })).map { rarity, wait in
            LineChart.Sample(x: rarity, y: max(Double(wait), 1), isMarked: marked.contains(rarity))
        }
    }

    private static let stepsInDecade = 12.0

    /// The median, and then one wait in ten, a hundred ...
    private static let marks = [2.0] + (1...9).map { pow(10, Double($0)) }

    private static func axis(to end: Double) -> Axis {
        let ticks = marks.map { Axis.Tick(value: $0, label: "\(share($0)) %") }
        return Axis(2...max(end, 10), isLogarithmic: true, ticks: ticks)
    }

    private static func share(_ rarity: Double) -> String {
        let decimals = max(0, Int(log10(rarity).rounded(.down)) - 2)
        return Figure.fixed(100 - 100 / rarity, decimals: decimals)
    }

    private var description: String {
        let parts = curves.map { scheduler, histogram in
            let known = [50, 99].filter { Double(histogram.count) * (100 - $0) >= 1_000 }
            let percentiles = histogram.percentiles(known).map { Figure.readable(Double($0), unit: "ns") }
            return "\(scheduler.label) \(percentiles.joined(separator: " and "))"
        }
        return "The median and the 99th percentile of the \(series), as far as there are enough waits: "
            + parts.joined(separator: "; ") + "."
    }
}
