// SPDX-License-Identifier: Apache-2.0

/// The rectangle between two axes.
struct PlotArea {
    /// The left side, in units of the view box.
    let left: Double
    /// The right side.
    let right: Double
    /// The upper side.
    let top: Double
    /// The lower side.
    let bottom: Double
    /// The values from left to right.
    let x: Axis
    /// The values from bottom to top.
    let y: Axis

    /// An area below what is drawn already, with room for the labels of its ticks.
    init(top: Double, height: Double = 250, x: Axis, y: Axis) {
        left = Canvas.margin + PlotText.width(y.ticks.map(\.label)) + 8
        right = Canvas.width - Canvas.margin - 6
        self.top = top
        bottom = top + height
        self.x = x
        self.y = y
    }

    /// How far to the right a value is.
    func across(_ value: Double) -> Double { left + x.fraction(value) * (right - left) }

    /// How far down a value is.
    func down(_ value: Double) -> Double { bottom - y.fraction(value) * (bottom - top) }

    /// The place of two values.
    func place(_ x: Double, _ y: Double) -> Point { Point(x: across(x), y: down(y)) }

    /// Draws the grid and what is beside it; returns the height where that ends.
    func drawAxes(title: String, on canvas: inout Canvas) -> Double {
        let lines = y.ticks.map { level($0.value) }
        canvas.path(lines + x.ticks.map { upright($0.value, from: top, to: bottom) }, style: "swy-grid")
        canvas.path(
            [[Point(x: left, y: top), Point(x: left, y: bottom), Point(x: right, y: bottom)]],
            style: "swy-axis"
        )
        for tick in y.ticks {
            let place = Point(x: left - 7, y: down(tick.value) + PlotText.baseline)
            canvas.text(tick.label, at: place, .end, isSoft: true)
        }
        drawTicksBelow(on: &canvas)
        let middle = Point(x: (left + right) / 2, y: bottom + 18 + PlotText.lineHeight)
        canvas.text(around: middle, title, isSoft: true)
        return middle.y + 8
    }

    /// The line at a height across the area.
    func level(_ value: Double) -> [Point] { [Point(x: left, y: down(value)), Point(x: right, y: down(value))] }

    /// Leaves out labels that would touch the one before.
    private func drawTicksBelow(on canvas: inout Canvas) {
        var end = -Double.infinity
        for tick in x.ticks {
            let (middle, reach) = (across(tick.value), PlotText.width(tick.label) / 2)
            guard middle - reach > end else { continue }
            end = middle + reach + 6
            canvas.text(around: Point(x: middle, y: bottom + 18), tick.label, isSoft: true)
        }
    }

    private func upright(_ value: Double, from top: Double, to bottom: Double) -> [Point] {
        [Point(x: across(value), y: top), Point(x: across(value), y: bottom)]
    }
}
