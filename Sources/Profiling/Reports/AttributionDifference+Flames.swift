// SPDX-License-Identifier: Apache-2.0

extension AttributionDifference {
    /// The flame graph of the second profile, coloured by its difference from the first, grey where that is not
    /// certain.
    package func flameGraph(workload: String) -> DifferentialFlameGraph {
        let sides = (flames(before), flames(after))
        let uncertain = uncertainPaths(sides.0.stacks + sides.1.stacks)
        return DifferentialFlameGraph(
            from: sides.0,
            to: sides.1,
            caption: FlameCaption(
                title: workload,
                subtitle: "\(after.name) against \(before.name) · processor time per operation · "
                    + "grey: may be chance",
                unit: .nanosecondsPerOperation
            ),
            isMuted: uncertain.contains
        )
    }

    private func flames(_ side: Side) -> DifferentialFlameGraph.Side {
        let operations = Double(max(side.profile.operations, 1))
        let stacks = FoldedStacks.merged(side.profile.foldedByProcess.flatMap(\.self))
        return DifferentialFlameGraph.Side(
            name: side.name,
            stacks: stacks.map { FoldedStack(frames: $0.frames, count: $0.count / operations) }
        )
    }

    /// The paths from the root to the frames whose difference is not certain.
    private func uncertainPaths(_ all: [FoldedStack]) -> Set<[String]> {
        let tree = CallTree(all)
        let sides = [before, after].map { side in
            side.profile.foldedByProcess.map { tree.totals(of: $0).map { UInt64($0) } }
        }
        let paths = tree.map(root: []) { $0 }
        let uncertain = tree.nodes.indices.filter { node in
            let parts = sides.map { PerProcess($0.map { $0[node] }) }
            return !row("", parts[0], parts[1]).isCertain
        }
        return Set(uncertain.map { paths[$0] })
    }
}
