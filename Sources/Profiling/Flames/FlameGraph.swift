// SPDX-License-Identifier: Apache-2.0

/// A flame graph of one profile: how long each function was on a stack, by caller.
///
/// The layout is an icicle: the root is at the top, and callees hang below their caller.
/// - SeeAlso: Brendan Gregg, "The Flame Graph", Communications of the ACM 59 (6), 2016.
package struct FlameGraph: Sendable {
    private let drawing: FlameDrawing

    /// Creates the graph.
    ///
    /// - Parameters:
    ///   - stacks: equal ones are added up.
    ///   - caption: the heading.
    ///   - category: colours a frame, given the names on the path from the root's callee to it.
    package init(
        _ stacks: [FoldedStack],
        caption: FlameCaption,
        category: (_ path: [String]) -> FlameCategory
    ) {
        let tree = CallTree(stacks)
        let categories = tree.map(root: FlameCategory.other, category)
        let used = Set(categories)
        let legend = FlameCategory.allCases.filter(used.contains)
        drawing = FlameDrawing(
            caption: caption,
            tree: tree,
            series: [FlameDrawing.Series(name: "", totals: tree.nodes.map(\.total))],
            swatches: legend.map { FlameDrawing.Swatch(color: $0.color, label: $0.label) },
            colors: categories.map { legend.firstIndex(of: $0) ?? 0 }
        )
    }

    /// An interactive page: one file, which needs neither the network nor other files.
    ///
    /// Throws only if the sum of the counts is not finite.
    package func html() throws -> String { try FlamePage.text(drawing) }

    /// A static image, without scripts.
    package var svg: String { FlameImage.text(drawing) }
}
