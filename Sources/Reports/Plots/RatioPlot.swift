// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A ranking as bars: how many times the best figure each scheduler takes, and how sure that is.
struct RatioPlot {
    private let screen: WorkloadScreen
    private let axis: Axis

    /// The plot; nil where no scheduler has a figure.
    static func plot(_ screen: WorkloadScreen) -> Plot? {
        let factors = screen.rows.compactMap(\.usableFactor)
        guard let largest = factors.max() else { return nil }
        let plot = RatioPlot(screen: screen, axis: axis(largest, screen.rows))
        let name = Plots.name("ratio", screen.label)
        let title = "\(screen.label): \(screen.metric), compared with the best"
        let description = plot.description
        let svg = plot.svg(name: name, title: title, description)
        return Plot(name: name, title: title, description: description, workload: screen.label, svg: svg)
    }

    /// An interval may reach far: the axis shows some of that, and not at the cost of the bars.
    private static func axis(_ largest: Double, _ rows: [WorkloadScreen.Row]) -> Axis {
        let ends = rows.compactMap(\.factorEnds)
        let highest = ends.map(\.high).max() ?? largest
        guard largest > 5 else { return .linear([largest, min(highest, largest * 1.5)], unit: "") }
        let least = max(min(1, ends.map(\.low).min() ?? 1), 0.6) * 0.95
        let most = max(largest, min(highest, largest * 3)) * 1.05
        let ticks = Axis.logarithmic([1, most], unit: "").ticks
        return Axis(least...most, isLogarithmic: true, ticks: ticks)
    }

    private func svg(name: String, title: String, _ description: String) -> String {
        var canvas = Canvas()
        let caption = "\(screen.label): \(screen.metric), with 95 % intervals of the ratio"
        let top = 8 + canvas.paragraph(caption, top: 8) + 6
        let texts = screen.rows.map { $0.usableFactor == nil ? "" : $0.figure }
        let layout = RowLayout(labels: screen.rows.map(\.scheduler), texts: texts, top: top)
        let below = layout.drawAxis(axis, title: axisTitle, on: &canvas)
        for (row, place) in zip(screen.rows, layout.rows) { draw(row, at: place.middle, layout, on: &canvas) }
        layout.drawTexts(on: &canvas)
        let end = legend.draw(top: below + 6, on: &canvas)
        return canvas.svg(name: name, title: title, description: description, height: end + 8)
    }

    private func draw(_ row: WorkloadScreen.Row, at middle: Double, _ layout: RowLayout, on canvas: inout Canvas) {
        guard let factor = row.usableFactor else {
            let place = Point(x: layout.left + 6, y: middle + PlotText.baseline)
            return canvas.text(row.figure, at: place, isSoft: true)
        }
        canvas.group(style: row.couldBeBest ? "swy-best" : "swy-rest") { canvas in
            drawBar(to: factor, at: middle, layout, on: &canvas)
        }
        guard let ends = row.factorEnds else { return }
        canvas.path(layout.whisker(ends, axis, at: middle), style: "swy-whisker")
    }

    /// A bar begins at 0, or, on a logarithmic axis, at 1, which is the best, and has a dot at its end.
    private func drawBar(to factor: Double, at middle: Double, _ layout: RowLayout, on canvas: inout Canvas) {
        let height = axis.isLogarithmic ? 5.0 : 12
        let ends = [axis.isLogarithmic ? 1 : 0, factor].map { layout.across($0, axis) }
        let corner = Point(x: min(ends[0], ends[1]), y: middle - height / 2)
        canvas.rectangle(from: corner, width: abs(ends[1] - ends[0]), height: height, style: "swy-fill")
        if axis.isLogarithmic { canvas.circle(at: Point(x: ends[1], y: middle), radius: 5.5, style: "swy-fill") }
    }

    private var axisTitle: String { "times the best" + (axis.isLogarithmic ? ", logarithmic" : "") }

    private var legend: Legend {
        let own = screen.rows.filter { $0.usableFactor != nil }
        let best = own.contains(where: \.couldBeBest) ? [Legend.Entry("could be the best", style: "swy-best")] : []
        let rest = own.contains { !$0.couldBeBest } ? [Legend.Entry("worse than the best", style: "swy-rest")] : []
        return Legend(best + rest)
    }

    private var description: String {
        let parts = screen.rows.enumerated().map { index, row in
            guard let factor = row.usableFactor else { return "\(row.scheduler): \(row.figure)" }
            return index == 0
                ? "\(row.scheduler) \(row.figure)"
                : "\(row.scheduler) \(Figure.significant(factor)) times that"
        }
        return "Best first: \(parts.joined(separator: "; "))."
    }
}

extension WorkloadScreen.Row {
    /// The factor, if a bar can show it.
    fileprivate var usableFactor: Double? { factor.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } }

    /// The ends of its interval, if a whisker can show them.
    fileprivate var factorEnds: Interval? {
        guard let ends = factorInterval, ends.count == 2, ends.allSatisfy(\.isFinite) else { return nil }
        return Interval(low: ends[0], high: ends[1])
    }
}
