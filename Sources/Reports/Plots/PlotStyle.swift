// SPDX-License-Identifier: Apache-2.0

/// The style sheet of every plot.
///
/// A page may contain many plots: in all of them a class means the same, and each applies only within a plot.
enum PlotStyle {
    /// The rules: light colours first, and then what differs in the dark.
    static let text = """

        .swy-plot text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; \
        fill: #1f2328 }
        .swy-plot .swy-soft { fill: #59606b }
        .swy-page { fill: #ffffff }
        .swy-grid { fill: none; stroke: #e3e6ea }
        .swy-axis { fill: none; stroke: #8b929c }
        .swy-whisker { fill: none; stroke: #1f2328; stroke-width: 1.3 }
        .swy-limit { fill: none; stroke: #b3202c; stroke-width: 1.5 }
        .swy-line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round }
        .swy-dots { fill: none; stroke: currentColor; stroke-width: 3.4; stroke-linecap: round }
        .swy-thin { fill: none; stroke: currentColor; stroke-width: 1.2; opacity: 0.75 }
        .swy-fill { fill: currentColor }
        .swy-open { fill: #ffffff; stroke: currentColor; stroke-width: 1.4 }
        .swy-best { color: #6546c7 }
        .swy-rest { color: #9aa2ae }
        \(colors(Palette.light))
        @media (prefers-color-scheme: dark) {
        .swy-plot text { fill: #e6e8eb }
        .swy-plot .swy-soft { fill: #a3aab5 }
        .swy-page, .swy-open { fill: #16181d }
        .swy-grid { stroke: #2c3037 }
        .swy-axis { stroke: #6f7782 }
        .swy-whisker { stroke: #e6e8eb }
        .swy-limit { stroke: #ff7b80 }
        .swy-best { color: #a796ff }
        .swy-rest { color: #6b7380 }
        \(colors(Palette.dark))
        }

        """

    private static func colors(_ colors: [String]) -> String {
        colors.enumerated().map { ".swy-\($0) { color: \($1) }" }.joined(separator: " ")
    }
}
