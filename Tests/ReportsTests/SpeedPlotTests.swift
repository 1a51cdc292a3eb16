// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `The processes of each scheduler` {
    private static let turn = PlotFixture.turn(at: 0, elapsed: 100, yardstick: 50)

    private static func plot(_ values: [Double], turns: [Turn] = []) -> Plot? {
        let cell = PlotFixture.cell()
        let records = values.enumerated().map { PlotFixture.record(cell, $1, round: $0 + 1, turns: turns) }
        let report = PlotFixture.report(records)
        return ProcessPlot.plot("skynet", [cell], of: PlottedCells(report))
    }

    /// Where the dots are, in per cent: the legend's, at the left, aside.
    private static func dots(_ svg: ParsedSVG, _ style: String) throws -> [Double] {
        let labels = svg.all("text").filter { ["−50 %", "0 %"].contains($0.text) }.map { $0.number("x") }
        try #require(labels.count == 2)
        let group = "swy-\(Palette.index("epoll"))"
        return svg.all("circle", style, in: group).map { ($0.number("cx") - labels[1]) / (labels[1] - labels[0]) * 50 }
    }

    private static func svg(_ plot: Plot?) throws -> ParsedSVG { try #require(plot.flatMap { ParsedSVG($0.svg) }) }

    @Test func `A dot is as far from the middle as its process is from the mean`() throws {
        // The geometric mean of 80, 100 and 125 is 100.
        let dots = try Self.dots(Self.svg(Self.plot([80, 100, 125])), "swy-open")
        #expect(zip(dots, [-20, 0, 25]).allSatisfy { abs($0 - $1) < 0.2 } && dots.count == 3)
    }

    @Test func `Beyond 50 % an arrow at the edge replaces the dot`() throws {
        let svg = try Self.svg(Self.plot([40, 100, 250]))
        let dots = try Self.dots(svg, "swy-open")
        #expect(dots.count == 1)
        let arrows = svg.all("path", "swy-open").flatMap(\.paths)
        try #require(arrows.count == 2)
        #expect(arrows[0][1].x < arrows[0][0].x && arrows[1][1].x > arrows[1][0].x)
    }

    @Test func `Filled dots are the figures at full speed`() throws {
        let svg = try Self.svg(Self.plot([130, 140, 150], turns: [Self.turn]))
        let fast = try Self.dots(svg, "swy-fill")
        #expect(fast.count == 3 && fast.allSatisfy { abs($0) < 0.2 })
        let all = try Self.dots(svg, "swy-open")
        #expect(zip(all, [30, 40, 50]).allSatisfy { abs($0 - $1) < 0.2 } && all.count == 3)
        #expect(svg.texts.contains("at full speed"))
    }

    @Test func `Without turns there is nothing at full speed`() throws {
        let svg = try Self.svg(Self.plot([1, 2]))
        #expect(!svg.texts.contains("at full speed"))
    }

    @Test func `A single process, or none, has no plot`() {
        #expect(Self.plot([100]) == nil)
        #expect(Self.plot([]) == nil)
        #expect(Self.plot([0, 0]) == nil)
    }

    @Test func `The description has the range of each scheduler`() throws {
        let plot = try #require(Self.plot([80, 100, 125]))
        #expect(plot.description.hasSuffix(": epoll soft −20 % to +25 %."))
    }
}

@Suite struct `The processor's speed over the run` {
    private static func plot(_ turns: [Turn]) -> Plot? {
        DriftPlot.plot(PlotFixture.report([PlotFixture.record(PlotFixture.cell(), 1, turns: turns)]))
    }

    private static func svg(_ turns: [Turn]) throws -> ParsedSVG {
        try #require(plot(turns).flatMap { ParsedSVG($0.svg) })
    }

    @Test func `Thousands of turns make at most a thousand points`() throws {
        let svg = try Self.svg((0..<10_000).map { PlotFixture.turn(at: Double($0), yardstick: Double(40 + $0 % 7)) })
        let points = ["swy-thin", "swy-dots"].flatMap { svg.all("path", $0).flatMap(\.paths) }.joined().count
        #expect((400...1_000).contains(points))
        #expect(svg.all("path", "swy-thin").flatMap(\.paths).count * 3 <= 800)
    }

    @Test func `A slow phase is above the limit of full speed, and a fast one below it`() throws {
        let svg = try Self.svg((0..<100).map { PlotFixture.turn(at: Double($0), yardstick: $0 < 50 ? 40 : 60) })
        let limit = try #require(svg.all("path", "swy-limit").first?.paths[0][0].y)
        let medians = svg.all("path", "swy-dots").flatMap(\.paths).map(\.[0])
        #expect(medians.first?.y ?? 0 > limit && medians.last?.y ?? .infinity < limit)
        #expect(medians.map(\.x) == medians.map(\.x).sorted())
    }

    @Test func `A bar reaches from the least to the most of its time`() throws {
        let svg = try Self.svg(
            [(0, 40), (1, 40), (500, 40), (500, 44)].map { PlotFixture.turn(at: $0, yardstick: $1) }
        )
        let bars = svg.all("path", "swy-thin").flatMap(\.paths)
        #expect(bars.first?[0] == bars.first?[1])
        #expect(bars.last.map { $0[0].y - $0[1].y } ?? 0 > 10)
    }

    @Test func `Without turns there is no plot`() { #expect(Self.plot([]) == nil) }

    @Test func `The description has the duration, the yardsticks and the share of full speed`() throws {
        let turns = (0...4).map { PlotFixture.turn(at: Double($0) * 20, yardstick: $0 < 4 ? 40 : 60) }
        let plot = try #require(Self.plot(turns))
        #expect(
            plot.description
                == "Over 80.0 s, the yardstick took at least 40.0 µs, in the middle 40.0 µs, and at most 60.0 µs; full "
                + "speed is up to 44.0 µs. 80 % of the turns ran at full speed."
        )
    }
}
