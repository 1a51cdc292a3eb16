// SPDX-License-Identifier: Apache-2.0

/// All that a page or an image shows of a flame graph, whatever kind it is.
struct FlameDrawing {
    /// What a box may be as wide as.
    struct Series {
        /// What it is called where there is more than one.
        let name: String
        /// A count for every node of the tree.
        let totals: [Double]
    }

    /// A colour, and what it says.
    struct Swatch: Equatable {
        let color: String
        let label: String
    }

    /// Frames narrower than this share of the picture are not drawn.
    static let narrowest = 0.001

    let caption: FlameCaption
    let tree: CallTree
    /// One, or the two that are compared; the last is what is shown at first.
    let series: [Series]
    /// The legend.
    let swatches: [Swatch]
    /// For every node the index of its swatch.
    let colors: [Int]
    /// The swatch of frames whose difference is not certain.
    var muted: Int?

    /// What was drawn at first: the widths of the boxes.
    var shown: Series { series[series.count - 1] }
}
