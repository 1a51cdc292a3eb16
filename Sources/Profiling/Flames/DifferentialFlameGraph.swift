// SPDX-License-Identifier: Apache-2.0

/// A flame graph that compares two profiles, A and B: B gives the widths, and its difference from A the colours.
///
/// The page can switch to the widths of A, which shows the frames that only A has.
/// - SeeAlso: Brendan Gregg, "Differential Flame Graphs", 2014.
package struct DifferentialFlameGraph: Sendable {
    /// One of the two profiles.
    package struct Side: Sendable, Equatable {
        /// Its name, such as `epoll/soft`.
        package var name: String
        /// Its stacks, with counts in a unit that compares.
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
    ///   - before: the baseline, A.
    ///   - after: the profile to compare with it, B.
    ///   - caption: the heading.
    ///   - isMuted: whether to draw a frame grey because its difference is not certain: its confidence interval
    ///     contains
    ///     0. The path holds the names from the root's callee to the frame, and is empty for the root.
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

    /// An interactive page: one file, which needs neither the network nor other files.
    ///
    /// Throws only if the sum of the counts is not finite.
    package func html() throws -> String { try FlamePage.text(drawing) }

    /// A static image, without scripts.
    package var svg: String { FlameImage.text(drawing) }
}
