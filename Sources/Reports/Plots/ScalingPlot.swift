// SPDX-License-Identifier: Apache-2.0

import Measurement

/// How a workload's figure grows with the one parameter that varies.
struct ScalingPlot {
    private let label: String
    private let parameter: String
    private let metric: Metric
    private let lines: [LineChart.Series]

    /// The plots of all workloads of which one parameter varies, the rate aside.
    static func plots(_ all: PlottedCells) -> [Plot] {
        let workloads = Dictionary(grouping: all.cells, by: \.workload)
        return all.cells.map(\.workload).unique.flatMap { workload -> [Plot] in
            let cells = workloads[workload] ?? []
            guard let parameter = onlyVaried(cells) else { return [] }
            let sweeps = PlottedCells.sweeps(cells, over: parameter).filter { $0.cells.count > 1 }
            let varied = VariedParameters(sweeps.map(\.rest))
            let groups = Dictionary(grouping: sweeps) { varied.label($0.rest) }
            return sweeps.map { varied.label($0.rest) }.unique.compactMap { label in
                let own = groups[label] ?? []
                let lines = own.map { line($0.rest, $0.cells, parameter, all) }
                return own.first.flatMap {
                    ScalingPlot(label: label, parameter: parameter, metric: $0.rest.metric, lines: lines).plot
                }
            }
        }
    }

    private static func onlyVaried(_ cells: [Cell]) -> String? {
        let names = Set(cells.flatMap(\.parameters.keys)).filter { name in
            name != "rate" && Set(cells.map { $0.parameters[name] }).count > 1
        }
        guard let name = names.first, names.count == 1 else { return nil }
        // Words have no place on an axis.
        return cells.contains { $0.number(name) != nil } ? name : nil
    }

    private static func line(_ rest: Cell, _ cells: [Cell], _ parameter: String, _ all: PlottedCells)
        -> LineChart.Series
    {
        let samples = cells.compactMap { cell -> LineChart.Sample? in
            guard let value = cell.number(parameter), let figures = all.figures(of: cell) else { return nil }
            return LineChart.Sample(x: Double(value), y: figures.value, interval: figures.interval)
        }
        return LineChart.Series(scheduler: PlottedScheduler(rest), samples: samples.sorted { $0.x < $1.x })
    }

    private var plot: Plot? {
        let shown = lines.filter { $0.samples.count > 1 }
        guard !shown.isEmpty else { return nil }
        let name = Plots.name("scaling", "\(label)-\(parameter)")
        let title = "\(label): \(metric.name) against \(parameter)"
        let description = Plots.changes(shown, of: metric, over: parameter)
        let svg = chart(shown).svg(name: name, title: title, description: description)
        return Plot(name: name, title: title, description: description, svg: svg)
    }

    private func chart(_ shown: [LineChart.Series]) -> LineChart {
        let samples = shown.flatMap(\.samples)
        let ends = samples.flatMap { sample in
            sample.interval.map { [max($0.low, sample.y / 2), min($0.high, sample.y * 2)] } ?? []
        }
        let values = samples.map(\.y) + ends
        return LineChart(
            caption: "\(label): \(metric.name), with 95 % intervals",
            title: parameter,
            x: Plots.axis(of: samples.map(\.x), isLogarithmic: Plots.spansDecade(samples.map(\.x))),
            y: Plots.spansDecade(samples.map(\.y))
                ? .logarithmic(values, unit: metric.unit) : .linear(values, unit: metric.unit),
            series: shown
        )
    }
}
