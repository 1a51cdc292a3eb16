// SPDX-License-Identifier: Apache-2.0

/// The input of the page's script: the nodes as columns, each node before its callees.
struct FlameData: Encodable {
    /// The distinct frame names.
    let names: [String]
    /// Each node's index into the names.
    let name: [Int]
    /// Each node's caller; -1 for the root.
    let parent: [Int]
    /// Each node's index into the palette.
    let color: [Int]
    /// The counts of each profile, node by node.
    let totals: [[Double]]
    /// The colours.
    let palette: [String]
    /// The meaning of each colour.
    let labels: [String]
    /// The index of the colour that means "not certain"; -1 without one.
    let muted: Int
    /// The unit of the counts, then its multiples, each a thousand times the one before.
    let units: [String]
    /// The share of the width below which frames are not drawn.
    let narrowest: Double

    init(_ drawing: FlameDrawing) {
        var names = Interner()
        name = drawing.tree.nodes.map { names.index(of: $0.name) }
        self.names = names.names
        parent = drawing.tree.nodes.map { $0.parent ?? -1 }
        color = drawing.colors
        totals = drawing.series.map(\.totals)
        palette = drawing.swatches.map(\.color)
        labels = drawing.swatches.map(\.label)
        muted = drawing.muted ?? -1
        units = drawing.caption.unit.names
        narrowest = FlameDrawing.narrowest
    }
}
