// SPDX-License-Identifier: Apache-2.0

import Reports
import Testing

@testable import Profiling

@Suite("Flame graph")
struct FlameGraphTests {
    private static let evil = [
        "</script><script>alert(1)</script>", "<!--<script>", "a < b && c > \"d\" 'e'", "<\u{301}accent",
        "nul\0\u{1b}[31m", "\u{fffe}", "]]>", "🙂 日本語",
    ]

    private func graph(_ frames: [String], count: Double = 2) -> FlameGraph {
        let stacks = [FoldedStack(frames: frames, count: count), FoldedStack(frames: ["other"], count: 1)]
        return FlameGraph(stacks, caption: PageReader.caption) { path in
            path.count == 1 ? .tasklet : path.count == 2 ? .state(.poll) : .kernel
        }
    }

    @Test("the page's data has every node, with its caller, count and category")
    func data() throws {
        let page = try PageReader(graph(["main", "poll", "epoll_wait"]).html())
        #expect(page.nodes == ["all", "main", "poll", "epoll_wait", "other"])
        #expect(page.data.parent == [-1, 0, 1, 2, 0])
        #expect(page.data.totals == [[3, 2, 2, 2, 1]])
        #expect(page.colors == ["other", "tasklet", "state: poll", "kernel and libc", "tasklet"])
        #expect(page.data.palette.count == page.data.labels.count)
        #expect(page.data.muted == -1)
        #expect(page.data.units == ["samples"])
        #expect(page.data.narrowest == 0.001)
    }

    @Test("the legend has the categories that occur, and no others")
    func legend() throws {
        for text in try [graph(["main", "poll"]).html(), graph(["main", "poll"]).svg] {
            #expect(text.contains("state: poll"))
            #expect(!text.contains("state: idle"))
        }
    }

    @Test("the caption describes the profile")
    func caption() throws {
        for text in try [graph(["a"]).html(), graph(["a"]).svg] {
            #expect(text.contains(">ping-pong<"))
            #expect(text.contains(">epoll · soft · 2.50 s · 1,234 samples<"))
        }
    }

    @Test("the page loads nothing, and its policy forbids to")
    func selfContained() throws {
        let page = try graph(["a"]).html()
        #expect(!page.contains("://"))
        #expect(!page.contains("src="))
        #expect(!page.contains("@import"))
        #expect(!page.contains("url("))
        #expect(page.contains(#"http-equiv="Content-Security-Policy" content="default-src 'none';"#))
    }

    @Test("names that look like markup cannot escape from the page's data", arguments: evil)
    func pageEscaping(name: String) throws {
        let page = try graph([name]).html()
        let read = try PageReader(page)
        #expect(!read.json.utf8.contains(UInt8(ascii: "<")))
        #expect(read.nodes.contains(name))
        // Only the data and the script end.
        #expect(page.utf8.ranges(of: "</script".utf8).count == 2)
    }

    @Test("names that look like markup keep the image well formed, and are readable in it", arguments: evil)
    func pictureEscaping(name: String) {
        let picture = graph([name]).svg
        #expect(TagBalance.problem(picture) == nil)
        #expect(TagBalance.hasOnlyKnownReferences(picture))
        #expect(!picture.unicodeScalars.contains { $0 < " " && $0 != "\n" || $0 == "\u{fffe}" })
        #expect(picture.contains("<title>\(Markup.escaped(name)): 2 samples, 66.7 %</title>"))
    }

    @Test("captions and legends are escaped, too", arguments: evil)
    func captionEscaping(text: String) throws {
        let graph = DifferentialFlameGraph(
            from: DifferentialFlameGraph.Side(name: text, stacks: []),
            to: DifferentialFlameGraph.Side(name: text, stacks: []),
            caption: FlameCaption(title: text, subtitle: text, unit: .nanoseconds)
        )
        #expect(TagBalance.problem(graph.svg) == nil)
        let page = try graph.html()
        #expect(page.contains("<h1>\(Markup.escaped(text))</h1>"))
        #expect(page.contains("A: \(Markup.escaped(text))</label>"))
        #expect(!page.contains("<script>alert"))
    }

    @Test("the image says what it omits")
    func omission() {
        let stacks = [FoldedStack(frames: ["a"], count: 9_999), FoldedStack(frames: ["b"], count: 1)]
        let picture = FlameGraph(stacks, caption: PageReader.caption) { _ in .program }.svg
        #expect(picture.contains("Not drawn: 1 frame narrower than 0.1 %, 0.0100 % of the total."))
        #expect(!picture.contains("<title>b:"))
    }

    @Test("a name that does not fit is truncated in its box, and complete in its tooltip")
    func cutting() {
        let name = "closure #1 in Module.Type.function(argument:)" + String(repeating: "<wide>", count: 60)
        let picture = graph(["a", name]).svg
        #expect(picture.contains("<title>\(Markup.escaped(name)): "))
        #expect(picture.contains("…</text></svg>"))
        #expect(!picture.contains("\(Markup.escaped(name))</text>"))
    }

    @Test("without samples there is still a page and an image")
    func nothing() throws {
        let graph = FlameGraph([], caption: PageReader.caption) { _ in .program }
        #expect(try PageReader(graph.html()).data.totals == [[0]])
        #expect(TagBalance.problem(graph.svg) == nil)
        #expect(graph.svg.contains("<title>all: 0 samples, 0 %</title>"))
    }

    @Test("counts whose sum is not finite are an error")
    func overflow() {
        let stacks = ["a", "b"].map { FoldedStack(frames: [$0], count: .greatestFiniteMagnitude) }
        let graph = FlameGraph(stacks, caption: PageReader.caption) { _ in .program }
        #expect(throws: (any Error).self) { try graph.html() }
        #expect(TagBalance.problem(graph.svg) == nil)
    }

    @Test("the order of the stacks makes no difference")
    func order() throws {
        let stacks = (0..<20).map { FoldedStack(frames: ["f\($0 % 3)", "g\($0)"], count: Double($0) / 3) }
        let graphs = [stacks, stacks.reversed()].map { stacks in
            FlameGraph(stacks, caption: PageReader.caption) { $0.count == 1 ? .tasklet : .program }
        }
        #expect(try graphs[0].html() == graphs[1].html())
        #expect(graphs[0].svg == graphs[1].svg)
    }
}
