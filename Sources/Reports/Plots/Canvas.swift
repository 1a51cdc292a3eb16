// SPDX-License-Identifier: Apache-2.0

/// A place in the view box: units to the right and down from its upper left corner.
struct Point: Equatable {
    /// To the right.
    var x: Double
    /// Down.
    var y: Double
}

/// Collects the elements of an SVG.
///
/// The view box is 480 units wide: its text is readable on a phone 390 pixels wide, and not large on a page.
struct Canvas {
    /// The width of the view box.
    static let width = 480.0
    /// The space on the left and on the right.
    static let margin = 12.0

    /// Which part of a text is at its place.
    enum Anchor: String {
        /// The left end.
        case start
        /// Neither: its middle.
        case middle
        /// The right end.
        case end
    }

    private var elements: [String] = []

    /// Adds a line of text, with its baseline at a place.
    mutating func text(_ text: String, at place: Point, _ anchor: Anchor = .start, isSoft: Bool = false) {
        let anchor = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
        let style = isSoft ? " class=\"swy-soft\"" : ""
        elements.append(
            "<text\(style) \(Self.attributes(("x", place.x), ("y", place.y)))\(anchor)>\(Markup.escaped(text))</text>"
        )
    }

    /// Adds a line of text around a place, or beside it where the text would not fit into the view box.
    mutating func text(around place: Point, _ text: String, isSoft: Bool = false) {
        let reach = PlotText.width(text) / 2
        let x = min(max(place.x, reach + 2), Self.width - reach - 2)
        self.text(text, at: Point(x: x, y: place.y), .middle, isSoft: isSoft)
    }

    /// Adds lines of text, wrapped to the width of the view box; returns how much height they take.
    mutating func paragraph(_ text: String, top: Double) -> Double {
        let lines = PlotText.wrapped(text, to: Self.width - 2 * Self.margin)
        for (index, line) in lines.enumerated() {
            let middle = top + (Double(index) + 0.5) * PlotText.lineHeight
            self.text(line, at: Point(x: Self.margin, y: middle + PlotText.baseline), isSoft: true)
        }
        return Double(lines.count) * PlotText.lineHeight
    }

    /// Adds a rectangle.
    mutating func rectangle(from corner: Point, width: Double, height: Double, style: String) {
        let place = Self.attributes(("x", corner.x), ("y", corner.y), ("width", width), ("height", height))
        elements.append("<rect class=\"\(style)\" \(place)/>")
    }

    /// Adds straight lines from each point to the next, one such path after the other in the same style.
    ///
    /// - Parameter dash: lengths of strokes and gaps; none for a solid line.
    mutating func path(_ paths: [[Point]], style: String, dash: [Int] = []) {
        let data = paths.filter { !$0.isEmpty }.map { "M" + $0.map(Self.pair).joined(separator: " ") }.joined()
        guard !data.isEmpty else { return }
        let dash = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash.map { "\($0)" }.joined(separator: " "))\""
        elements.append("<path class=\"\(style)\" d=\"\(data)\"\(dash)/>")
    }

    /// Adds a circle.
    mutating func circle(at center: Point, radius: Double, style: String) {
        elements.append(
            "<circle class=\"\(style)\" \(Self.attributes(("cx", center.x), ("cy", center.y), ("r", radius)))/>"
        )
    }

    /// Adds elements that have a style in common, such as a colour.
    mutating func group(style: String, _ add: (inout Canvas) -> Void) {
        elements.append("<g class=\"\(style)\">")
        add(&self)
        elements.append("</g>")
    }

    /// The element `svg`.
    func svg(name: String, title: String, description: String, height: Double) -> String {
        let size = "width=\"\(Self.number(Self.width))\" height=\"\(Self.number(height))\""
        let id = Markup.escaped(name)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="swy-plot" \(size) \
            viewBox="0 0 \(Self.number(Self.width)) \(Self.number(height))" role="img" \
            aria-labelledby="\(id)-title \(id)-description" style="max-width:100%;height:auto">
            <title id="\(id)-title">\(Markup.escaped(title))</title>
            <desc id="\(id)-description">\(Markup.escaped(description))</desc>
            <style>\(PlotStyle.text)</style>
            <rect class="swy-page" width="100%" height="100%" rx="6"/>
            \(elements.joined(separator: "\n"))
            </svg>

            """
    }
}

// MARK: - Numbers

extension Canvas {
    private static func attributes(_ values: (String, Double)...) -> String {
        values.map { "\($0)=\"\(number($1))\"" }.joined(separator: " ")
    }

    private static func pair(_ point: Point) -> String { "\(number(point.x)),\(number(point.y))" }

    /// At most one decimal; 0 for what is no number.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let tenths = Int((min(max(value, -1e6), 1e6) * 10).rounded())
        let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
        return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
    }
}
