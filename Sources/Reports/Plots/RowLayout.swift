// SPDX-License-Identifier: Apache-2.0

import Measurement

/// Rows of a plot: a name on the left, an area for figures, and a text on the right.
struct RowLayout {
    /// A row.
    struct Row {
        /// The lines of its name.
        var label: [String]
        /// The lines of its text on the right.
        var text: [String]
        /// How far down it begins.
        var top: Double
        /// How far down its middle is.
        var middle: Double
    }

    /// The rows, from the top.
    let rows: [Row]
    /// Where the area for figures begins.
    let left: Double
    /// Where it ends.
    let right: Double
    /// How far down the first row begins.
    let top: Double
    /// How far down the last row ends.
    let bottom: Double

    private static let widestLabel = 200.0
    private static let widestText = 100.0

    /// Lays out rows below what is drawn already.
    ///
    /// - Parameter texts: one for each label; none of a row without one.
    init(labels: [String], texts: [String], top: Double) {
        let labels = labels.map { PlotText.wrapped($0, to: Self.widestLabel) }
        let texts = texts.map { PlotText.wrapped($0, to: Self.widestText) }
        left = Canvas.margin + PlotText.width(labels.joined().map(\.self)) + 10
        let textWidth = PlotText.width(texts.joined().map(\.self))
        right = Canvas.width - Canvas.margin - (textWidth > 0 ? textWidth + 10 : 8)
        self.top = top
        var (rows, bottom) = ([Row](), top)
        for (label, text) in zip(labels, texts) {
            let height = Double(max(label.count, text.count, 1)) * PlotText.lineHeight + 6
            rows.append(Row(label: label, text: text, top: bottom, middle: bottom + height / 2))
            bottom += height
        }
        self.rows = rows
        self.bottom = bottom
    }

    /// Where a value is in the area.
    func across(_ value: Double, _ axis: Axis) -> Double { left + axis.fraction(value) * (right - left) }

    /// An interval: a line, and a short one across each end that is within the axis.
    func whisker(_ ends: Interval, _ axis: Axis, at middle: Double) -> [[Point]] {
        let line = [ends.low, ends.high].map { Point(x: across($0, axis), y: middle) }
        let inside = [ends.low, ends.high].filter(axis.range.contains).map { across($0, axis) }
        return [line] + inside.map { [Point(x: $0, y: middle - 3.5), Point(x: $0, y: middle + 3.5)] }
    }

    /// Draws the texts of all rows.
    func drawTexts(on canvas: inout Canvas) {
        for row in rows {
            draw(row.label, x: Canvas.margin, row.middle, .start, on: &canvas)
            draw(row.text, x: Canvas.width - Canvas.margin, row.middle, .end, on: &canvas)
        }
    }

    /// Draws lines at the ticks, and their labels below; returns the height where that ends.
    func drawAxis(_ axis: Axis, title: String, on canvas: inout Canvas) -> Double {
        let lines = axis.ticks.map { tick in
            [Point(x: across(tick.value, axis), y: top), Point(x: across(tick.value, axis), y: bottom)]
        }
        let separators = rows.dropFirst().map { row in
            [Point(x: Canvas.margin, y: row.top), Point(x: Canvas.width - Canvas.margin, y: row.top)]
        }
        canvas.path(lines + separators, style: "swy-grid")
        canvas.path([[Point(x: left, y: bottom), Point(x: right, y: bottom)]], style: "swy-axis")
        var end = -Double.infinity
        for tick in axis.ticks {
            let (middle, reach) = (across(tick.value, axis), PlotText.width(tick.label) / 2)
            guard middle - reach > end else { continue }
            end = middle + reach + 6
            canvas.text(around: Point(x: middle, y: bottom + 17), tick.label, isSoft: true)
        }
        canvas.text(around: Point(x: (left + right) / 2, y: bottom + 34), title, isSoft: true)
        return bottom + 42
    }

    private func draw(
        _ lines: [String],
        x: Double,
        _ middle: Double,
        _ anchor: Canvas.Anchor,
        on canvas: inout Canvas
    ) {
        let first = middle - Double(lines.count - 1) / 2 * PlotText.lineHeight + PlotText.baseline
        for (index, line) in lines.enumerated() {
            canvas.text(line, at: Point(x: x, y: first + Double(index) * PlotText.lineHeight), anchor)
        }
    }
}
