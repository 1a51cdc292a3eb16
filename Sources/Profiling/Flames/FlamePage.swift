// SPDX-License-Identifier: Apache-2.0

internal import Reports

/// The interactive page of a flame graph: data, style and script in one file.
enum FlamePage {
    static func text(_ drawing: FlameDrawing) throws -> String {
        let title = Markup.escaped(drawing.caption.title)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <title>\(title)</title>
            <style>
            \(asset(PackageResources.flame_css))</style>
            </head>
            <body>
            <header>
            <h1>\(title)</h1>
            <p>\(Markup.escaped(drawing.caption.subtitle))</p>
            </header>
            <noscript><p>This page needs JavaScript; the SVG image of the same graph does not.</p></noscript>
            \(toolbar(drawing.series))
            \(legend(drawing.swatches))
            <main id="chart" role="tree" aria-label="Flame graph"></main>
            <p id="omission" role="status"></p>
            <section id="details" aria-label="Selected frame"></section>
            <script type="application/json" id="data">\(try data(drawing))</script>
            <script>
            \(script)</script>
            </body>
            </html>

            """
    }

    /// The page loads nothing from elsewhere.
    private static let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

    private static var script: String {
        [PackageResources.flame_model_js, PackageResources.flame_words_js, PackageResources.flame_view_js]
            .map(asset).joined()
    }

    private static func asset(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func data(_ drawing: FlameDrawing) throws -> String {
        Markup.scriptSafe(try JSONText.line(FlameData(drawing)))
    }

    private static func toolbar(_ series: [FlameDrawing.Series]) -> String {
        """
        <div id="toolbar">
        <label for="search">Search</label>
        <input id="search" type="search" placeholder="regular expression" spellcheck="false" autocomplete="off" \
        autocapitalize="off" aria-describedby="found">
        <button id="reset" type="button">Reset zoom</button>
        <output id="found" for="search"></output>
        \(series.count > 1 ? choice(series) : "")</div>
        """
    }

    /// The choice of the profile that gives the widths.
    private static func choice(_ series: [FlameDrawing.Series]) -> String {
        let options = zip(series, ["A", "B"]).enumerated().map { index, side in
            """
            <label><input type="radio" name="width" value="\(index)"> \
            \(side.1): \(Markup.escaped(side.0.name))</label>

            """
        }
        return "<fieldset>\n<legend>Width</legend>\n\(options.joined())</fieldset>\n"
    }

    private static func legend(_ swatches: [FlameDrawing.Swatch]) -> String {
        let items = swatches.map { swatch in
            "<li><span style=\"background:\(swatch.color)\"></span>\(Markup.escaped(swatch.label))</li>\n"
        }
        return "<ul id=\"legend\" aria-label=\"Colours\">\n\(items.joined())</ul>"
    }
}
