// SPDX-License-Identifier: Apache-2.0

/// A flame graph that compares two profiles, A and B: as wide as the one, coloured by the difference to the other.
///
/// Frames that only A has are not lost: the page can show the widths of A as well.
/// - SeeAlso: Brendan Gregg, "Differential Flame Graphs", 2014.
package struct DifferentialFlameGraph: Sendable {
    /// One of the two.
    package struct Side: Sendable, Equatable {
        /// What it is called, such as `epoll, soft`.
        package var name: String
        /// Its stacks, in a unit in which both can be compared.
        package var stacks: [FoldedStack]

        /// Creates a side.
        package init(name: String, stacks: [FoldedStack]) {
            self.name = name
            self.stacks = stacks
        }
    }

    private let drawing: FlameDrawing

    /// Creates the graph.
    ///
    /// - Parameters:
    ///   - before: What is compared with: A.
    ///   - after: What is compared: B. At first, the boxes are as wide as it says.
    ///   - caption: What stands above it.
    ///   - isMuted: Whether a frame, given by the names on the way to it (none for the root), is drawn grey because its
    ///     difference is not certain: its confidence interval contains 0.
    package init(
        from before: Side,
        to after: Side,
        caption: FlameCaption,
        isMuted: (_ path: [String]) -> Bool = { _ in false }
    ) {
        let tree = CallTree(before.stacks + after.stacks)
        let totals = (tree.totals(of: before.stacks), tree.totals(of: after.stacks))
        let muted = tree.map(root: isMuted([]), isMuted)
        drawing = FlameDrawing(
            caption: caption,
            tree: tree,
            series: [
                FlameDrawing.Series(name: before.name, totals: totals.0),
                FlameDrawing.Series(name: after.name, totals: totals.1),
            ],
            swatches: DifferenceScale.swatches,
            colors: tree.nodes.indices.map { index in
                muted[index] ? DifferenceScale.muted : DifferenceScale.step(from: totals.0[index], to: totals.1[index])
            },
            muted: DifferenceScale.muted
        )
    }

    /// A page to look around in: one file that needs no network and no other file.
    ///
    /// It fails only where the sum of the counts is too large for a number.
    package func html() throws -> String { try FlamePage.text(drawing) }

    /// A picture that stands alone, without a script; the boxes are as wide as B says.
    package var svg: String { FlameImage.text(drawing) }
}
