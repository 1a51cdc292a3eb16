// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues

/// What each scheduler adds to the latency at several offered rates, and at which of them it fails.
struct RatePlot {
    private let label: String
    private let metric: Metric
    private let lines: [LineChart.Series]
    private let rates: [Int]

    /// The plots of all workloads whose rate varies.
    static func plots(_ rows: [ResultRow]) -> [Plot] {
        let sweeps = RateSweep.all(rows)
        let varied = VariedParameters(sweeps.map(\.cell))
        let groups = Dictionary(grouping: sweeps) { varied.label($0.cell) }
        return sweeps.map { varied.label($0.cell) }.unique.compactMap { label in
            plot(label, groups[label] ?? [], rows)
        }
    }

    private static func plot(_ label: String, _ sweeps: [RateSweep], _ rows: [ResultRow]) -> Plot? {
        let percentiles = [99.0, 50].map { Metric.percentile($0, of: "added-latency") }
        let plots = percentiles.map { metric in
            let values = Dictionary(grouping: rows.filter { $0.metric == metric }, by: \.cell)
            let lines = sweeps.map { line($0) { values[$0]?.first?.figures } }
            return RatePlot(label: label, metric: metric, lines: lines, rates: sweeps.first?.rates ?? [])
        }
        return (plots.first { plot in plot.lines.contains { !$0.samples.isEmpty } } ?? plots.first)?.plot
    }

    private static func line(_ sweep: RateSweep, _ figures: (Cell) -> ResultRow.Figures?) -> LineChart.Series {
        let failed = sweep.rates.filter { rate in
            if case .failed(.failed) = sweep.outcome(at: rate) { true } else { false }
        }
        let samples = sweep.rates.compactMap { rate in
            var cell = sweep.cell
            cell.parameters["rate"] = .number(rate)
            return figures(cell).map { LineChart.Sample(x: Double(rate), y: $0.value) }
        }
        return LineChart.Series(
            scheduler: PlottedScheduler(sweep.cell),
            samples: samples,
            failures: failed.map(Double.init)
        )
    }

    private var plot: Plot? {
        let shown = lines.filter { !$0.samples.isEmpty || !$0.failures.isEmpty }
        guard !shown.isEmpty else { return nil }
        let name = Plots.name("rate", label)
        let title = "\(label): \(metric.name) against the offered rate"
        let description = self.description
        let svg = chart(shown).svg(name: name, title: title, description: description)
        return Plot(name: name, title: title, description: description, svg: svg)
    }

    private func chart(_ shown: [LineChart.Series]) -> LineChart {
        let limit = metric.name.hasSuffix("p99") ? RateSweep.limit : nil
        return LineChart(
            caption: "\(label): \(metric.name)",
            title: "offered rate, requests per second",
            x: Plots.axis(of: rates.map(Double.init), isLogarithmic: true),
            y: .logarithmic(shown.flatMap(\.samples).map(\.y) + [limit].compactMap(\.self), unit: "ns"),
            series: shown,
            limit: limit.map { Axis.Tick(value: $0, label: "limit \(Figure.readable($0, unit: "ns"))") }
        )
    }

    private var description: String {
        let failed = lines.filter { !$0.failures.isEmpty }.map { line in
            "\(line.scheduler.label) at \(line.failures.map { Figure.compact($0) }.joined(separator: " and "))"
        }
        return Plots.changes(lines, of: metric, over: "rate")
            + (failed.isEmpty ? "" : " Failed: \(failed.joined(separator: "; ")).")
    }
}
