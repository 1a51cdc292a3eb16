// SPDX-License-Identifier: Apache-2.0

import Measurement

/// Lines in one area, one for each scheduler, with a legend below.
struct LineChart {
    /// A value, and how sure it is.
    struct Sample: Equatable {
        var x: Double
        var y: Double
        var interval: Interval?
        /// Whether a marker shows where it is.
        var isMarked = true
    }

    /// A line.
    struct Series {
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
    var x: Axis
    var y: Axis
    var series: [Series]
    /// A value of `y` that is not to be exceeded, and its name.
    var limit: Axis.Tick?

    /// The element `svg`.
    func svg(name: String, title: String, description: String) -> String {
        var canvas = Canvas()
        let top = 8 + canvas.paragraph(caption, top: 8) + 8
        let marks = failureMarks
        let area = PlotArea(top: top + Double(marks.rows) * Self.markDistance, x: x, y: y)
        let bottom = area.drawAxes(title: self.title, on: &canvas)
        drawLimit(area, on: &canvas)
        for series in series { canvas.group(style: series.scheduler.style) { draw(series, area, on: &$0) } }
        draw(marks, area, on: &canvas)
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
    /// Crosses above the area: those at the same value stand side by side, in rows.
    private struct Marks {
        var places: [(scheduler: PlottedScheduler, x: Double, column: Int, row: Int)] = []
        var rows = 0
    }

    private static let marksInRow = 5
    private static let markDistance = 11.0

    private var failureMarks: Marks {
        var marks = Marks()
        for x in Set(series.flatMap(\.failures)).sorted() {
            for (index, series) in series.filter({ $0.failures.contains(x) }).enumerated() {
                let (row, column) = index.quotientAndRemainder(dividingBy: Self.marksInRow)
                marks.places.append((series.scheduler, x, column, row))
                marks.rows = max(marks.rows, row + 1)
            }
        }
        return marks
    }

    private func draw(_ marks: Marks, _ area: PlotArea, on canvas: inout Canvas) {
        guard marks.rows > 0 else { return }
        canvas.text("failed", at: Point(x: Canvas.margin, y: area.top - 4), isSoft: true)
        let right = area.right + Canvas.margin - Self.markDistance * Double(Self.marksInRow)
        for mark in marks.places {
            let left = min(area.across(mark.x) - 4, right)
            let center = Point(
                x: left + Double(mark.column) * Self.markDistance + 4,
                y: area.top - 8 - Double(mark.row) * Self.markDistance
            )
            canvas.group(style: mark.scheduler.style) { $0.path(Self.cross(center), style: "swy-line") }
        }
    }

    private static func cross(_ center: Point) -> [[Point]] {
        let corners = [(-3.5, -3.5), (3.5, 3.5), (-3.5, 3.5), (3.5, -3.5)].map {
            Point(x: center.x + $0.0, y: center.y + $0.1)
        }
        return [[corners[0], corners[1]], [corners[2], corners[3]]]
    }
}
