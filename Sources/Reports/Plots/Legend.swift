// SPDX-License-Identifier: Apache-2.0

/// The names of lines or colours below a plot, in as many columns as fit.
struct Legend {
    /// A name, and an example of what it stands for, in a box 24 units wide.
    struct Entry {
        /// The name.
        var label: String
        /// Draws the example; called with the left end of the box's middle line.
        var draw: (Point, inout Canvas) -> Void
    }

    private let entries: [(draw: (Point, inout Canvas) -> Void, lines: [String])]
    private let columns: Int
    private let columnWidth: Double

    private static let swatch = 29.0
    private static let gap = 8.0

    /// Lays out entries, column by column.
    init(_ entries: [Entry]) {
        let width = Canvas.width - 2 * Canvas.margin
        let widest = min(Self.swatch + PlotText.width(entries.map(\.label)), width)
        let columns = max(1, min(entries.count, Int((width + Self.gap) / (widest + Self.gap))))
        self.columns = columns
        columnWidth = (width + Self.gap) / Double(columns)
        self.entries = entries.map { ($0.draw, PlotText.wrapped($0.label, to: width - Self.swatch)) }
    }

    /// Draws it; returns the height where it ends.
    func draw(top: Double, on canvas: inout Canvas) -> Double {
        guard !entries.isEmpty else { return top }
        let rows = (entries.count + columns - 1) / columns
        let height = Double(entries.map(\.lines.count).max() ?? 1) * PlotText.lineHeight + 3
        for (index, entry) in entries.enumerated() {
            let left = Canvas.margin + Double(index / rows) * columnWidth
            let middle = top + Double(index % rows) * height + PlotText.lineHeight / 2
            entry.draw(Point(x: left, y: middle), &canvas)
            for (line, text) in entry.lines.enumerated() {
                let y = middle + Double(line) * PlotText.lineHeight + PlotText.baseline
                canvas.text(text, at: Point(x: left + Self.swatch, y: y))
            }
        }
        return top + Double(rows) * height
    }
}

extension Legend.Entry {
    /// The line and the marker of a scheduler.
    init(_ scheduler: PlottedScheduler) {
        self.init(label: scheduler.label) { place, canvas in
            canvas.group(style: scheduler.style) { canvas in
                let line = [place, Point(x: place.x + 24, y: place.y)]
                canvas.path([line], style: "swy-line", dash: Palette.dash(scheduler))
                scheduler.mark(Point(x: place.x + 12, y: place.y), on: &canvas)
            }
        }
    }

    /// A colour.
    init(_ label: String, style: String) {
        self.init(label: label) { place, canvas in
            canvas.group(style: style) { canvas in
                let corner = Point(x: place.x + 8, y: place.y - 6)
                canvas.rectangle(from: corner, width: 16, height: 12, style: "swy-fill")
            }
        }
    }
}
