// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The pictures of a report.
enum Plots {
    /// All plots of a run, in the order in which a page shows them.
    ///
    /// Those of a workload follow one another; then come the contests with peers, and the plots over several loads
    /// of a workload, and over the run.
    static func all(_ report: RunReport, _ screens: [WorkloadScreen], _ peers: PeersScreen? = nil) -> [Plot] {
        let cells = PlottedCells(report)
        let workloads = Dictionary(cells.workloads.map { ($0.label, $0.cells) }) { $0 + $1 }
        let labels = (screens.map(\.label) + cells.workloads.map(\.label)).unique
        let own = Parallel.map(labels) { label -> [Plot] in
            let ranking = screens.first { $0.label == label }.flatMap { RatioPlot.plot($0) }
            let processes = workloads[label].flatMap { ProcessPlot.plot(label, $0, of: cells) }
            let percentiles = workloads[label].map { PercentilePlot.plots(label, $0, of: cells) } ?? []
            return [ranking].compactMap(\.self) + percentiles + [processes].compactMap(\.self)
        }.flatMap(\.self)
        let sweeps = RatePlot.plots(report.rows.filter { $0.cell.peer == nil }) + ScalingPlot.plots(cells)
        let contests = (peers?.lines ?? []).compactMap(ContestPlot.plot)
        return own + contests + sweeps + [DriftPlot.plot(report)].compactMap(\.self)
    }

    /// The name of a plot's file: its kind, and what it shows, in letters that every file system takes.
    static func name(_ kind: String, _ label: String) -> String {
        let safe = label.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" }
        return "\(kind)-\(String(safe))"
    }

    /// An axis of whole numbers, with ticks at the numbers themselves.
    static func axis(of numbers: [Double], isLogarithmic: Bool) -> Axis {
        let numbers = Set(numbers).sorted()
        let (least, most) = (numbers.first ?? 0, numbers.last ?? 0)
        let ticks = numbers.map { Axis.Tick(value: $0, label: Figure.compact($0)) }
        let isLogarithmic = isLogarithmic && least > 0
        let margin = isLogarithmic ? 0 : (most - least) * 0.04
        let range = isLogarithmic ? least / 1.15...most * 1.15 : least - margin...most + margin
        return Axis(range, isLogarithmic: isLogarithmic, ticks: ticks)
    }

    /// Whether positive values span more than a factor of 10.
    static func spansDecade(_ values: [Double]) -> Bool {
        guard let least = values.min(), let most = values.max() else { return false }
        return least > 0 && most > 10 * least
    }

    /// Where each line begins and ends, as a sentence.
    static func changes(_ lines: [LineChart.Series], of metric: Metric, over parameter: String) -> String {
        let parts = lines.compactMap { line -> String? in
            guard let first = line.samples.first, let last = line.samples.last else { return nil }
            return "\(line.scheduler.label) \(figure(first.y, metric)) at \(Figure.compact(first.x))"
                + (last == first ? "" : " and \(figure(last.y, metric)) at \(Figure.compact(last.x))")
        }
        return parts.isEmpty ? "" : "The \(metric.name) by \(parameter): \(parts.joined(separator: "; "))."
    }

    private static func figure(_ value: Double, _ metric: Metric) -> String {
        Figure.readable(value, unit: metric.unit)
    }
}
