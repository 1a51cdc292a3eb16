// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite("Flame layout")
struct FlameLayoutTests {
    private func layout(_ stacks: [FoldedStack], narrowest: Double = 0.001) -> FlameLayout {
        let tree = CallTree(stacks)
        return FlameLayout(tree, totals: tree.nodes.map(\.total), narrowest: narrowest)
    }

    @Test("callees are side by side below their caller, as wide as their share")
    func places() {
        let layout = layout([
            FoldedStack(frames: ["a", "x"], count: 2), FoldedStack(frames: ["a"], count: 4),
            FoldedStack(frames: ["b", "y"], count: 1), FoldedStack(frames: ["b", "z"], count: 1),
        ])
        #expect(layout.boxes.map(\.x) == [0, 0, 0, 0.75, 0.75, 0.875])
        #expect(layout.boxes.map(\.width) == [1, 0.75, 0.25, 0.25, 0.125, 0.125])
        #expect(layout.rows == 3)
        #expect(layout.omitted == 0)
        #expect(layout.omission(narrowest: 0.001) == nil)
    }

    @Test("narrow frames are counted instead of drawn, with all below them; the uppermost give the share")
    func narrow() {
        let layout = layout(
            [
                FoldedStack(frames: ["a"], count: 95), FoldedStack(frames: ["b", "c", "d"], count: 4),
                FoldedStack(frames: ["e"], count: 1),
            ],
            narrowest: 0.05
        )
        #expect(layout.boxes.map(\.node) == [0, 1])
        #expect(layout.omission(narrowest: 0.05) == "Not drawn: 4 frames narrower than 5.0 %, 5 % of the total.")
    }

    @Test("a frame that is exactly as wide as the limit is drawn")
    func limit() {
        let layout = layout([FoldedStack(frames: ["a"], count: 999), FoldedStack(frames: ["b"], count: 1)])
        #expect(layout.boxes.count == 3)
    }

    @Test("without stacks there is only the root")
    func nothing() {
        #expect(layout([]).boxes == [FlameLayout.Box(node: 0, x: 0, width: 1)])
        #expect(layout([]).rows == 1)
    }
}
