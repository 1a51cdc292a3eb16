// SPDX-License-Identifier: Apache-2.0

/// A flame graph of one profile: how often which function was on a stack, and who had called it.
///
/// The layout is that of an icicle: the root is at the top, callees hang below their caller.
/// - SeeAlso: Brendan Gregg, "The Flame Graph", Communications of the ACM 59 (6), 2016.
package struct FlameGraph: Sendable {
    private let drawing: FlameDrawing

    /// Creates the graph.
    ///
    /// - Parameters:
    ///   - stacks: Equal ones are added up.
    ///   - caption: What stands above it.
    ///   - category: What colours a frame, from the names on the way to it, its own the last.
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

    /// A page to look around in: one file that needs no network and no other file.
    ///
    /// It fails only where the sum of the counts is too large for a number.
    package func html() throws -> String { try FlamePage.text(drawing) }

    /// A picture that stands alone, without a script.
    package var svg: String { FlameImage.text(drawing) }
}
