// SPDX-License-Identifier: Apache-2.0

/// What the page's script reads: the nodes as columns, each node before its callees.
struct FlameData: Encodable {
    /// Frame names, each once.
    let names: [String]
    /// For every node the index of its name.
    let name: [Int]
    /// For every node the index of its caller; -1 for the root.
    let parent: [Int]
    /// For every node the index of its colour.
    let color: [Int]
    /// One list of counts for every profile, a count for every node.
    let totals: [[Double]]
    /// The colours.
    let palette: [String]
    /// What the colours say.
    let labels: [String]
    /// The index of the colour that means "not certain"; -1 where there is none.
    let muted: Int
    /// The unit of counts and its multiples by a thousand.
    let units: [String]
    /// The share below which a frame is not drawn.
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
