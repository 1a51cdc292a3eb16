// SPDX-License-Identifier: Apache-2.0

import Measurement

/// Lines in one area, one for each scheduler, with a legend below.
struct LineChart {
    /// A value, and how sure it is.
    struct Sample: Equatable {
        /// The value along the lower axis.
        var x: Double
        /// The figure there.
        var y: Double
        /// The ends of the figure's whisker; nil for none.
        var interval: Interval?
        /// Whether a marker shows where it is.
        var isMarked = true
    }

    /// A line.
    struct Series {
        /// Whose line it is, which decides how it looks.
        var scheduler: PlottedScheduler
        /// Ascending by `x`.
        var samples: [Sample]
        /// Where the scheduler failed: values of `x`.
        var failures: [Double] = []
    }

    /// What the lines show, above the area.
    var caption: String
    /// What is along the lower axis.
    var title: String
    /// The lower axis.
    var x: Axis
    /// The axis on the left.
    var y: Axis
    /// The lines, in the order of the legend.
    var series: [Series]
    /// A value of `y` that is not to be exceeded, and its name.
    var limit: Axis.Tick?

    /// The element `svg`.
    func svg(name: String, title: String, description: String) -> String {
        var canvas = Canvas()
        let top = 8 + canvas.paragraph(caption, top: 8) + 8
        let failures = self.failures
        let rows = failures.map(\.rows).max() ?? 0
        let area = PlotArea(top: top + Double(rows) * Self.markDistance, x: x, y: y)
        let bottom = area.drawAxes(title: self.title, on: &canvas)
        drawLimit(area, on: &canvas)
        for series in series { canvas.group(style: series.scheduler.style) { draw(series, area, on: &$0) } }
        if rows > 0 { canvas.text("failed", at: Point(x: Canvas.margin, y: area.top - 4), isSoft: true) }
        for failures in failures { draw(failures, area, on: &canvas) }
        let entries = series.map { Legend.Entry($0.scheduler) }
        let end = Legend(entries).draw(top: bottom + 8, on: &canvas)
        return canvas.svg(name: name, title: title, description: description, height: end + 8)
    }

    private func draw(_ series: Series, _ area: PlotArea, on canvas: inout Canvas) {
        let whiskers = series.samples.compactMap { sample in
            sample.interval.map { [area.place(sample.x, $0.low), area.place(sample.x, $0.high)] }
        }
        canvas.path(whiskers, style: "swy-thin")
        let line = series.samples.map { area.place($0.x, $0.y) }
        canvas.path([line], style: "swy-line", dash: Palette.dash(series.scheduler))
        for sample in series.samples where sample.isMarked {
            series.scheduler.mark(area.place(sample.x, sample.y), on: &canvas)
        }
    }

    private func drawLimit(_ area: PlotArea, on canvas: inout Canvas) {
        guard let limit, y.range.contains(limit.value) else { return }
        let line = area.level(limit.value)
        canvas.path([line], style: "swy-limit", dash: [5, 3])
        canvas.text(limit.label, at: Point(x: area.left + 6, y: line[0].y - 5), isSoft: true)
    }
}

// MARK: - Failures

extension LineChart {
    /// The schedulers that failed at a value of `x`: their crosses stand in rows above the area.
    private struct Failures {
        var x: Double
        var schedulers: [PlottedScheduler]

        var rows: Int { (schedulers.count + LineChart.marksInRow - 1) / LineChart.marksInRow }
    }

    private static let marksInRow = 5
    private static let markDistance = 11.0

    private var failures: [Failures] {
        Set(series.flatMap(\.failures)).sorted().map { x in
            Failures(x: x, schedulers: series.filter { $0.failures.contains(x) }.map(\.scheduler))
        }
    }

    private func draw(_ failures: Failures, _ area: PlotArea, on canvas: inout Canvas) {
        let reach = Double(min(failures.schedulers.count, Self.marksInRow) - 1) / 2 * Self.markDistance
        let middle = min(area.across(failures.x), area.right - reach)
        for (index, scheduler) in failures.schedulers.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: Self.marksInRow)
            let center = Point(
                x: middle - reach + Double(column) * Self.markDistance,
                y: area.top - 8 - Double(row) * Self.markDistance
            )
            canvas.group(style: scheduler.style) { $0.path(Self.cross(center), style: "swy-line") }
        }
    }

    private static func cross(_ center: Point) -> [[Point]] {
        let corners = [(-3.5, -3.5), (3.5, 3.5), (-3.5, 3.5), (3.5, -3.5)].map {
            Point(x: center.x + $0.0, y: center.y + $0.1)
        }
        return [[corners[0], corners[1]], [corners[2], corners[3]]]
    }
}
