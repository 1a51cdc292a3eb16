// SPDX-License-Identifier: Apache-2.0

/// The content of a flame graph of either kind, for a page or an image.
struct FlameDrawing {
    /// A choice for the widths of the boxes.
    struct Series {
        /// Its name, for a choice between several.
        let name: String
        /// The count of each node of the tree.
        let totals: [Double]
    }

    /// A colour and its meaning.
    struct Swatch: Equatable {
        let color: String
        let label: String
    }

    /// The share of the width below which frames are not drawn.
    static let narrowest = 0.001

    let caption: FlameCaption
    let tree: CallTree
    /// One, or the two of a comparison; the last is shown first.
    let series: [Series]
    /// The legend.
    let swatches: [Swatch]
    /// Each node's index into the swatches.
    let colors: [Int]
    /// The swatch of frames whose difference is not certain.
    var muted: Int?

    /// The widths to start with.
    var shown: Series { series[series.count - 1] }
}
