// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite("Differential flame graph")
struct DifferentialFlameGraphTests {
    private let before = DifferentialFlameGraph.Side(
        name: "round-robin",
        stacks: [
            FoldedStack(frames: ["main", "gone"], count: 4), FoldedStack(frames: ["main", "half"], count: 8),
            FoldedStack(frames: ["main", "noise"], count: 8),
        ]
    )
    private let after = DifferentialFlameGraph.Side(
        name: "epoll",
        stacks: [
            FoldedStack(frames: ["main", "new"], count: 4), FoldedStack(frames: ["main", "half"], count: 4),
            FoldedStack(frames: ["main", "noise"], count: 12),
        ]
    )

    private var graph: DifferentialFlameGraph {
        DifferentialFlameGraph(
            from: before,
            to: after,
            caption: FlameCaption(title: "t", subtitle: "s", unit: .nanosecondsPerOperation)
        ) { $0 == ["main", "noise"] }
    }

    @Test("the data has the counts of both, also for frames that only one has")
    func data() throws {
        let page = try PageReader(graph.html())
        #expect(page.nodes == ["all", "main", "noise", "half", "gone", "new"])
        #expect(page.data.totals == [[20, 20, 8, 8, 4, 0], [20, 20, 12, 4, 0, 4]])
        #expect(page.data.units.first == "ns/op")
    }

    @Test("colours show the difference, and grey that it may be chance")
    func colors() throws {
        let page = try PageReader(graph.html())
        #expect(page.colors == ["about equal", "about equal", "not certain", "÷ 2 and more", "gone", "new"])
        #expect(page.data.labels[page.data.muted] == "not certain")
    }

    @Test("the page offers a choice of widths, and names both sides")
    func choice() throws {
        let page = try graph.html()
        #expect(page.contains(#"<input type="radio" name="width" value="0"> A: round-robin</label>"#))
        #expect(page.contains(#"<input type="radio" name="width" value="1"> B: epoll</label>"#))
    }

    @Test("the image has the widths of B, and tooltips with both counts")
    func picture() {
        let picture = graph.svg
        #expect(picture.contains("B: epoll (the widths)"))
        #expect(picture.contains("<title>half: A: 8 ns/op, 40 %; B: 4 ns/op, 20 %</title>"))
        #expect(picture.contains("noise: A: 8 ns/op, 40 %; B: 12 ns/op, 60 %; the difference is not certain</title>"))
        #expect(!picture.contains("<title>gone:"))
    }

    @Test(
        "the ratio of the counts decides the step",
        arguments: [
            (1.0, 0.0, "gone"), (4, 1, "÷ 2 and more"), (2, 1, "÷ 2 and more"), (19, 10, "÷ 1.15 to 2"),
            (110, 100, "÷ 1.03 to 1.15"), (10, 10, "about equal"), (102, 100, "about equal"), (100, 102, "about equal"),
            (100, 110, "× 1.03 to 1.15"), (10, 19, "× 1.15 to 2"), (1, 2, "× 2 and more"), (0, 1, "new"),
            (0, 0, "about equal"), (1, Double.infinity, "about equal"), (.nan, 1, "about equal"),
            (-1, 0, "about equal"),
        ]
    )
    func steps(before: Double, after: Double, label: String) {
        #expect(DifferenceScale.swatches[DifferenceScale.step(from: before, to: after)].label == label)
    }
}
