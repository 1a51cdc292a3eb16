// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Testing

@testable import Profiling

@Suite("Call tree")
struct CallTreeTests {
    private let tree = CallTree([
        FoldedStack(frames: ["main", "b"], count: 1), FoldedStack(frames: ["main", "c", "d"], count: 5),
        FoldedStack(frames: ["main", "a"], count: 1), FoldedStack(frames: ["main"], count: 2),
        FoldedStack(frames: ["main", "c"], count: 1), FoldedStack(frames: ["main", "a"], count: .nan),
    ])

    @Test("totals include the nodes below, and own counts are the stacks that end at a node")
    func counts() {
        #expect(tree.nodes.map(\.name) == ["all", "main", "c", "d", "a", "b"])
        #expect(tree.nodes.map(\.total) == [10, 10, 6, 5, 1, 1])
        #expect(tree.nodes.map(\.own) == [0, 2, 1, 5, 1, 1])
        #expect(tree.total == 10)
    }

    @Test("children are sorted by descending total, equal ones by name")
    func order() {
        #expect(tree.nodes[1].children.map { tree.nodes[$0].name } == ["c", "a", "b"])
    }

    @Test("nodes know their caller and their depth")
    func places() {
        #expect(tree.nodes.map(\.parent) == [nil, 0, 1, 2, 1, 1])
        #expect(tree.nodes.map(\.depth) == [0, 1, 2, 3, 2, 2])
        #expect(tree.depth == 3)
    }

    @Test("a recursive function is a node per call")
    func recursion() {
        let tree = CallTree([FoldedStack(frames: ["f", "f", "f"], count: 1), FoldedStack(frames: ["f"], count: 1)])
        #expect(tree.nodes.map(\.total) == [2, 2, 1, 1])
    }

    @Test("a walk passes every node's path without the root's name")
    func paths() {
        let paths = tree.map(root: "-") { $0.joined(separator: "/") }
        #expect(paths == ["-", "main", "main/c", "main/c/d", "main/a", "main/b"])
    }

    @Test("other stacks count on the tree as far as it contains them")
    func others() {
        let totals = tree.totals(of: [
            FoldedStack(frames: ["main", "c", "elsewhere"], count: 4), FoldedStack(frames: ["unknown"], count: 2),
            FoldedStack(frames: ["main", "b"], count: 1), FoldedStack(frames: ["main", "elsewhere", "c"], count: 3),
        ])
        #expect(totals == [10, 8, 4, 0, 0, 1])
    }

    @Test("without stacks there is only the root")
    func empty() {
        #expect(CallTree([]).nodes.map(\.total) == [0])
        #expect(CallTree([]).depth == 0)
    }

    @Test("every total is the sum of the own count and the children's totals", arguments: 1...20 as ClosedRange<UInt64>)
    func sums(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let stacks = (0..<200).map { _ in
            FoldedStack(
                frames: (0..<Int.random(in: 0..<8, using: &random)).map { _ in
                    "f\(Int.random(in: 0..<4, using: &random))"
                },
                count: Double(Int.random(in: 0..<9, using: &random))
            )
        }
        let tree = CallTree(stacks)
        #expect(tree == CallTree(stacks.reversed()))
        for (index, node) in tree.nodes.enumerated() {
            #expect(node.total == node.own + node.children.reduce(0) { $0 + tree.nodes[$1].total })
            #expect(node.children.allSatisfy { tree.nodes[$0].parent == index && $0 > index })
        }
    }

    @Test("deep stacks do not overflow the stack of the code that walks them")
    func deep() throws {
        let frames = (0..<20_000).map { "f\($0 % 7)" }
        let stacks = [FoldedStack(frames: frames, count: 1)]
        #expect(CallTree(stacks).depth == 20_000)
        let graph = FlameGraph(stacks, caption: PageReader.caption) { _ in .program }
        #expect(try PageReader(graph.html()).data.parent.count == 20_001)
        #expect(graph.svg.hasSuffix("</svg>\n"))
    }
}
