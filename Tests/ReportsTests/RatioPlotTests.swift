// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reports

@Suite struct `A ranking as bars` {
    private static func row(_ scheduler: String, _ factor: Double?, _ interval: [Double]? = nil) -> WorkloadScreen.Row {
        PlotFixture.row(scheduler, factor, interval)
    }

    private static func plot(_ rows: [WorkloadScreen.Row]) throws -> Plot {
        try #require(RatioPlot.plot(PlotFixture.screen(rows)))
    }

    private static func svg(_ rows: WorkloadScreen.Row...) throws -> ParsedSVG {
        let plot = try plot(rows)
        return try #require(ParsedSVG(plot.svg))
    }

    /// The widths of the bars: what else is filled belongs to the legend, at the left.
    private static func bars(_ svg: ParsedSVG) -> [Double] {
        svg.all("rect", "swy-fill").filter { !legend.contains($0.number("width")) }.map { $0.number("width") }
    }

    /// The width of the legend's boxes.
    private static let legend = [16.0]

    @Test func `The bar of a scheduler twice as slow is twice as long on a linear axis`() throws {
        let bars = Self.bars(try Self.svg(Self.row("a", 1), Self.row("b", 2), Self.row("c", 4)))
        #expect(bars.count == 3)
        #expect(abs(bars[1] - 2 * bars[0]) < 0.3 && abs(bars[2] - 4 * bars[0]) < 0.3)
    }

    @Test func `Beyond a factor of 5 equal factors are equal distances, and the best has no bar`() throws {
        let bars = Self.bars(try Self.svg(Self.row("a", 1), Self.row("b", 10), Self.row("c", 100)))
        #expect(bars[0] == 0)
        #expect(bars[1] > 20 && abs(bars[2] - 2 * bars[1]) < 0.3)
    }

    @Test func `A whisker reaches from one end of the interval to the other`() throws {
        let svg = try Self.svg(Self.row("a", 1), Self.row("b", 2, [1.5, 3]))
        let bar = svg.all("rect", "swy-fill")[1]
        let whisker = try #require(svg.all("path", "swy-whisker").first?.paths)
        let unit = bar.number("width") / 2
        #expect(abs(whisker[0][0].x - bar.number("x") - 1.5 * unit) < 0.3)
        #expect(abs(whisker[0][1].x - bar.number("x") - 3 * unit) < 0.3)
        #expect(whisker.count == 3)
    }

    @Test func `A whisker that leaves the axis has no end there`() throws {
        let svg = try Self.svg(Self.row("a", 1), Self.row("b", 2, [1.5, 1e300]))
        #expect(svg.all("path", "swy-whisker").first?.paths.count == 2)
    }

    @Test(arguments: [[Double.nan, 2], [1, .infinity], [1], []])
    func `An interval without two ends has no whisker`(_ interval: [Double]) throws {
        #expect(try Self.svg(Self.row("a", 2, interval)).all("path", "swy-whisker").isEmpty)
    }

    @Test func `A row without a figure shows its outcome instead of a bar`() throws {
        let svg = try Self.svg(Self.row("a", 1), PlotFixture.row("b", nil, figure: "FAILED"))
        #expect(Self.bars(svg).count == 1)
        let outcome = try #require(svg.all("text").first { $0.text == "FAILED" })
        #expect(outcome.number("x") < 100)
    }

    @Test func `Schedulers that could be the best stand out`() throws {
        let svg = try Self.svg(PlotFixture.row("a", 1, couldBeBest: true), Self.row("b", 2), Self.row("c", 2))
        #expect(svg.all("rect", "swy-fill", in: "swy-best").count == 2)
        #expect(svg.all("rect", "swy-fill", in: "swy-rest").count == 3)
    }

    @Test func `Without a figure there is no plot`() {
        #expect(RatioPlot.plot(PlotFixture.screen([Self.row("a", nil)])) == nil)
        #expect(RatioPlot.plot(PlotFixture.screen([])) == nil)
    }

    @Test func `The description has the best figure, the factors of the others, and the outcomes`() throws {
        let rows = [
            PlotFixture.row("epoll soft", 1, figure: "44.4 ns"), PlotFixture.row("nio soft", 1.013),
            PlotFixture.row("thread-per-task kernel", 115), PlotFixture.row("dispatch soft", nil, figure: "FAILED"),
        ]
        let description = try Self.plot(rows).description
        #expect(
            description
                == "Best first: epoll soft 44.4 ns; nio soft 1.01 times that; thread-per-task kernel 115 times that; "
                + "dispatch soft: FAILED."
        )
    }

    @Test(arguments: [0, .nan, .infinity, 1, 1 + 1e-12, 1e6, 1e12, 1e-300])
    func `Every factor has a plot without broken numbers`(_ factor: Double) throws {
        let rows = [Self.row("a", 1), Self.row("b", factor, [factor, .nan]), Self.row("c", factor, [0, factor])]
        let text = try Self.plot(rows).svg
        #expect(!text.contains("nan") && !text.contains("inf") && !text.contains("e+") && ParsedSVG(text) != nil)
    }

    @Test func `Long names and figures are broken into lines within the view box`() throws {
        let name = "thread-per-task ×16 continuation, other build of a very-long-branch-name-that-does-not-end"
        let svg = try Self.svg(PlotFixture.row(name, 1, figure: "12.3 ns (below resolution)"), Self.row("b", 7))
        #expect(svg.textsBeyondViewBox.isEmpty)
        #expect(Self.bars(svg)[1] > 50)
    }
}
