// SPDX-License-Identifier: Apache-2.0

import Measurement
internal import Reports

/// A flame graph as SVG: the page's initial view, with the browser's own tooltips.
struct FlameImage {
    private static let width = 1200
    private static let margin = 10
    private static let row = 18
    /// The width of a character at 12 pixels, rounded up, because monospaced fonts differ a little.
    private static let characterWidth = 7.3

    private let drawing: FlameDrawing
    private let layout: FlameLayout

    /// The whole file.
    static func text(_ drawing: FlameDrawing) -> String {
        let layout = FlameLayout(drawing.tree, totals: drawing.shown.totals, narrowest: FlameDrawing.narrowest)
        return FlameImage(drawing: drawing, layout: layout).text
    }

    private var text: String {
        let notes = notes
        let legend = legend(top: 58 + notes.count * Self.row)
        let top = legend.bottom + 10
        let height = top + layout.rows * Self.row + Self.margin
        let captions = [
            line(drawing.caption.title, y: 26, style: "headline around", characterWidth: 11),
            line(drawing.caption.subtitle, y: 46),
        ]
        let lines = notes.enumerated().map { line($1, y: 46 + ($0 + 1) * Self.row) }
        let parts = captions + lines + [legend.text] + layout.boxes.map { box($0, top: top) }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(height)" \
            viewBox="0 0 \(Self.width) \(height)" role="img" style="max-width:100%;height:auto">
            <title>\(Markup.escaped("\(drawing.caption.title), \(drawing.caption.subtitle)"))</title>
            <style>
            text { font: 12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1b1b1b }
            .page { fill: #ffffff } .headline { font-size: 18px }
            @media (prefers-color-scheme: dark) { .page { fill: #16181d } .around { fill: #e8e8ea } }
            </style>
            <rect class="page" width="100%" height="100%"/>
            \(parts.joined(separator: "\n"))
            </svg>

            """
    }

    /// Lines between the subtitle and the legend.
    private var notes: [String] {
        var notes: [String] = []
        if drawing.series.count > 1 {
            notes = zip(drawing.series, ["A", "B"]).map { "\($1): \($0.name)" }
            notes[notes.count - 1] += " (the widths)"
        }
        if let omission = layout.omission(narrowest: FlameDrawing.narrowest) { notes.append(omission) }
        return notes
    }
}

// MARK: - Parts

extension FlameImage {
    private func line(
        _ text: String,
        y: Int,
        style: String = "around",
        characterWidth: Double = Self.characterWidth
    ) -> String {
        let text = Self.cut(text, to: Double(Self.width - 2 * Self.margin), characterWidth: characterWidth)
        return "<text class=\"\(style)\" x=\"\(Self.margin)\" y=\"\(y)\">\(Markup.escaped(text))</text>"
    }

    private func legend(top: Int) -> (text: String, bottom: Int) {
        var items: [String] = []
        var (x, y) = (Self.margin, top)
        for swatch in drawing.swatches {
            let width = 36 + Int(Double(swatch.label.count) * Self.characterWidth)
            if x + width > Self.width - Self.margin { (x, y) = (Self.margin, y + Self.row) }
            items.append(
                """
                <rect x="\(x)" y="\(y)" width="12" height="12" fill="\(swatch.color)"/>\
                <text class="around" x="\(x + 18)" y="\(y + 11)">\(Markup.escaped(swatch.label))</text>
                """
            )
            x += width
        }
        return (items.joined(separator: "\n"), y + Self.row)
    }

    /// A box with text is a nested image, which clips the text.
    private func box(_ box: FlameLayout.Box, top: Int) -> String {
        let node = drawing.tree.nodes[box.node]
        let inside = Double(Self.width - 2 * Self.margin)
        let width = box.width * inside
        let label = Self.cut(node.name, to: width - 6, characterWidth: Self.characterWidth)
        let place = """
            x="\(Self.place(box.x * inside + Double(Self.margin)))" y="\(top + node.depth * Self.row)" \
            width="\(Self.place(width > 4 ? width - 1 : width))" height="\(Self.row - 1)"
            """
        let fill = "fill=\"\(drawing.swatches[drawing.colors[box.node]].color)\""
        let title = "<title>\(Markup.escaped("\(node.name): \(figures(box.node))"))</title>"
        guard !label.isEmpty else { return "<rect \(place) \(fill)>\(title)</rect>" }
        return """
            <svg \(place)>\(title)<rect width="100%" height="100%" \(fill)/>\
            <text x="3" y="13">\(Markup.escaped(label))</text></svg>
            """
    }

    private func figures(_ node: Int) -> String {
        let texts = drawing.series.map { series in
            let share = Figure.percent(series.totals[node], of: series.totals[0])
            return "\(drawing.caption.unit.text(series.totals[node])), \(share)"
        }
        guard texts.count > 1 else { return texts.joined() }
        let doubt = drawing.colors[node] == drawing.muted ? "; the difference is not certain" : ""
        return zip(["A", "B"], texts).map { "\($0): \($1)" }.joined(separator: "; ") + doubt
    }

    /// As much of a text as fits; nothing if fewer than three characters do.
    private static func cut(_ text: String, to width: Double, characterWidth: Double) -> String {
        let room = Int(max(0, width) / characterWidth)
        guard text.count > room else { return text }
        return room < 3 ? "" : "\(text.prefix(room - 1))…"
    }

    private static func place(_ value: Double) -> String {
        let hundredths = Int64(exactly: (value * 100).rounded()) ?? 0
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        return rest == 0 ? "\(whole)" : "\(whole).\(String(100 + rest).dropFirst())"
    }
}
