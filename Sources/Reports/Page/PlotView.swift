// SPDX-License-Identifier: Apache-2.0

/// A picture, as the page shows it: with its description, which is text.
struct PlotView {
    /// The name that links lead to.
    let anchor: String
    /// What it shows.
    let title: String
    /// What there is to see.
    let description: String
    /// The picture.
    let svg: String

    /// Shows a plot.
    init(_ plot: Plot, _ anchors: inout Anchors) {
        anchor = anchors.anchor("plot", plot.name)
        title = plot.title
        description = plot.description
        svg = plot.svg
    }
}
