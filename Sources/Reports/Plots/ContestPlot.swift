// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The best scheduler and the peers in a workload: what each peer takes, divided by what the best takes, and how sure
/// that is.
struct ContestPlot {
    /// A row; the best scheduler has the ratio 1.
    fileprivate struct Row {
        var label: String
        var figure: String
        var ratio: Double?
        var ends: Interval?
        var style: Style
    }

    /// How a row looks.
    fileprivate enum Style {
        case best
        case ahead
        case behind
        case undecided
        case floor
    }

    private let line: PeersScreen.Line
    private let rows: [Row]
    private let axis: Axis

    /// The plot; nil where nothing is compared.
    static func plot(_ line: PeersScreen.Line) -> Plot? {
        guard let best = line.best, line.rivals.contains(where: { $0.usableRatio != nil }) else { return nil }
        let own = Row(label: best, figure: line.figure, ratio: 1, style: .best)
        let peers = line.rivals.map(Row.init)
        let compared = ([own] + peers).filter { $0.ratio != nil }.sorted { ($0.ratio ?? 1) < ($1.ratio ?? 1) }
        let plot = ContestPlot(line: line, rows: compared + peers.filter { $0.ratio == nil }, axis: axis(compared))
        let name = Plots.name("against", line.label)
        let title = "\(plot.subject) of peers, compared with the best scheduler"
        let description = plot.description
        let svg = plot.svg(name: name, title: title, description)
        return Plot(name: name, title: title, description: description, contest: line.label, svg: svg)
    }

    /// An interval may reach far: the axis shows some of that, and not at the cost of the ratios.
    private static func axis(_ rows: [Row]) -> Axis {
        let ratios = rows.compactMap(\.ratio)
        let (least, most) = (ratios.min() ?? 1, ratios.max() ?? 1)
        let ends = rows.compactMap(\.ends).flatMap { [max($0.low, least / 2), min($0.high, most * 2)] }
        return .logarithmic(ratios + ends, unit: "")
    }

    private func svg(name: String, title: String, _ description: String) -> String {
        var canvas = Canvas()
        let caption = "\(subject), with 95 % intervals of the ratio"
        let top = 8 + canvas.paragraph(caption, top: 8) + 6
        let texts = rows.map { $0.ratio == nil ? "" : $0.figure }
        let layout = RowLayout(labels: rows.map(\.label), texts: texts, top: top)
        let below = layout.drawAxis(axis, title: "times what \(line.best ?? "") takes, logarithmic", on: &canvas)
        let one = layout.across(1, axis)
        canvas.path([[Point(x: one, y: layout.top), Point(x: one, y: layout.bottom)]], style: "swy-axis")
        for (row, place) in zip(rows, layout.rows) { draw(row, at: place.middle, layout, on: &canvas) }
        layout.drawTexts(on: &canvas)
        let end = legend.draw(top: below + 6, on: &canvas)
        return canvas.svg(name: name, title: title, description: description, height: end + 8)
    }

    private func draw(_ row: Row, at middle: Double, _ layout: RowLayout, on canvas: inout Canvas) {
        guard let ratio = row.ratio else {
            let place = Point(x: layout.left + 6, y: middle + PlotText.baseline)
            return canvas.text(row.figure, at: place, isSoft: true)
        }
        if let ends = row.ends { canvas.path(layout.whisker(ends, axis, at: middle), style: "swy-whisker") }
        row.style.mark(Point(x: layout.across(ratio, axis), y: middle), on: &canvas)
    }

    /// The label, and the metric where that does not name it.
    private var subject: String {
        line.label.contains(line.metric) ? line.label : "\(line.label): \(line.metric)"
    }

    private var legend: Legend {
        let known: [(Style, String)] = [
            (.best, "the best scheduler"), (.ahead, "ahead of it"), (.behind, "behind it"),
            (.undecided, "not told from it"), (.floor, "a floor, no runtime"),
        ]
        return Legend(
            known.filter { style, _ in rows.contains { $0.style == style && $0.ratio != nil } }.map { style, label in
                Legend.Entry(label: label) { place, canvas in
                    style.mark(Point(x: place.x + 12, y: place.y), on: &canvas)
                }
            }
        )
    }

    private var description: String {
        let parts = rows.filter { $0.style != .best || $0.ratio == nil }.map { row in
            row.ratio.map { "\(row.label) \(Figure.significant($0))" } ?? "\(row.label): \(row.figure)"
        }
        return "What peers take, divided by what \(line.best ?? "") takes, \(line.figure): "
            + "\(parts.joined(separator: "; "))."
    }
}

extension ContestPlot.Row {
    fileprivate init(_ rival: PeersScreen.Rival) {
        let style: ContestPlot.Style =
            switch rival.standing {
            case .ahead: .ahead
            case .behind: .behind
            case .floor: .floor
            default: .undecided
            }
        self.init(
            label: rival.peer,
            figure: rival.figure,
            ratio: rival.usableRatio,
            ends: rival.ends.flatMap { $0.low.isFinite && $0.high.isFinite ? $0 : nil },
            style: style
        )
    }
}

extension ContestPlot.Style {
    /// A dot; hollow where the run cannot tell.
    fileprivate func mark(_ place: Point, on canvas: inout Canvas) {
        canvas.group(style: colour) { canvas in
            canvas.circle(at: place, radius: 5, style: self == .undecided ? "swy-open" : "swy-fill")
        }
    }

    private var colour: String {
        switch self {
        case .best: "swy-best"
        case .ahead: "swy-1"
        case .behind: "swy-2"
        case .undecided, .floor: "swy-rest"
        }
    }
}

extension PeersScreen.Rival {
    /// The ratio, if a dot can show it.
    fileprivate var usableRatio: Double? { ratio.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } }
}
