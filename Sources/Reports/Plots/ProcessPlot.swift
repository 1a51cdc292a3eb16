// SPDX-License-Identifier: Apache-2.0

import Measurement

/// How far the processes of each cell are from its figure: at full speed, and over everything that they ran.
///
/// Two clusters of the latter are two speeds of the processor; those of the former, two layouts of the memory.
struct ProcessPlot {
    private struct Row {
        var scheduler: PlottedScheduler
        /// What each process differs by, as a share of the cell's figure.
        var fast: [Double]
        var all: [Double]
    }

    private let label: String
    private let metric: Metric
    private let rows: [Row]

    /// The plot; nil where no cell has two processes.
    static func plot(_ label: String, _ cells: [Cell], of all: PlottedCells) -> Plot? {
        let rows = cells.compactMap { cell in
            all.figures(of: cell).flatMap { row(cell, $0.value, all.processes(of: cell)) }
        }
        guard let metric = cells.first?.metric, rows.contains(where: { max($0.fast.count, $0.all.count) > 1 }) else {
            return nil
        }
        return ProcessPlot(label: label, metric: metric, rows: rows).plot
    }

    private static func row(_ cell: Cell, _ mean: Double, _ processes: [ProcessFigures]) -> Row? {
        guard mean > 0, mean.isFinite else { return nil }
        func differences(_ values: [Double?]) -> [Double] {
            values.compactMap(\.self).filter(\.isFinite).map { $0 / mean - 1 }
        }
        return Row(
            scheduler: PlottedScheduler(cell),
            fast: differences(processes.map(\.fast)),
            all: differences(processes.map { $0.value(of: cell.metric) })
        )
    }

    private var plot: Plot {
        let name = Plots.name("processes", label)
        let title = "\(label): \(metric.name) of each process"
        let description = self.description
        let svg = svg(name: name, title: title, description)
        return Plot(name: name, title: title, description: description, workload: label, svg: svg)
    }

    private func svg(name: String, title: String, _ description: String) -> String {
        var canvas = Canvas()
        let caption = "\(label): \(metric.name), each process compared with the scheduler's figure"
        let top = 8 + canvas.paragraph(caption, top: 8) + 6
        let layout = RowLayout(labels: rows.map(\.scheduler.label), texts: rows.map { _ in "" }, top: top)
        let below = layout.drawAxis(Self.axis, title: "difference from the figure", on: &canvas)
        let zero = layout.across(0, Self.axis)
        canvas.path([[Point(x: zero, y: layout.top), Point(x: zero, y: layout.bottom)]], style: "swy-axis")
        for (row, place) in zip(rows, layout.rows) {
            canvas.group(style: row.scheduler.style) { canvas in
                for value in row.all { draw(value, at: place.middle + 4, "swy-open", layout, on: &canvas) }
                for value in row.fast { draw(value, at: place.middle - 4, "swy-fill", layout, on: &canvas) }
            }
        }
        layout.drawTexts(on: &canvas)
        let end = legend.draw(top: below + 6, on: &canvas)
        return canvas.svg(name: name, title: title, description: description, height: end + 8)
    }

    /// A dot, or, beyond the axis, an arrow at its end.
    private func draw(
        _ value: Double,
        at middle: Double,
        _ style: String,
        _ layout: RowLayout,
        on canvas: inout Canvas
    ) {
        let place = Point(x: layout.across(value, Self.axis), y: middle)
        guard !Self.axis.range.contains(value) else { return canvas.circle(at: place, radius: 3.2, style: style) }
        let reach = value > 0 ? 7.0 : -7
        let arrow = [(0.0, -3.5), (reach, 0), (0, 3.5), (0, -3.5)].map { Point(x: place.x + $0.0, y: middle + $0.1) }
        canvas.path([arrow], style: style)
    }

    private static let axis = Axis(
        -0.5...0.5,
        isLogarithmic: false,
        ticks: [-50, -25, 0, 25, 50].map { Axis.Tick(value: Double($0) / 100, label: percent(Double($0) / 100)) }
    )

    private var legend: Legend {
        func entry(_ label: String, _ style: String) -> Legend.Entry {
            Legend.Entry(label: label) { place, canvas in
                canvas.group(style: "swy-5") { canvas in
                    canvas.circle(at: Point(x: place.x + 12, y: place.y), radius: 3.2, style: style)
                }
            }
        }
        let fast = rows.contains { !$0.fast.isEmpty } ? [entry("at full speed", "swy-fill")] : []
        return Legend(fast + [entry("over everything", "swy-open")])
    }

    private var description: String {
        let parts = rows.compactMap { row -> String? in
            guard let least = row.all.min(), let most = row.all.max() else { return nil }
            return "\(row.scheduler.label) \(Self.percent(least)) to \(Self.percent(most))"
        }
        return "What processes differ by from their scheduler's figure, over everything that they ran: "
            + parts.joined(separator: "; ") + "."
    }

    private static func percent(_ share: Double) -> String {
        let percent = (share * 100).rounded()
        return (percent < 0 ? "−" : percent > 0 ? "+" : "") + "\(Figure.compact(abs(percent))) %"
    }
}
