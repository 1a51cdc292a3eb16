// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Reports

@Suite struct `A contest with peers as a plot` {
    private static func rival(
        _ peer: String,
        _ ratio: Double?,
        _ interval: [Double]? = nil,
        _ standing: PeersScreen.Standing = .behind,
        figure: String = "10.0 ns"
    ) -> PeersScreen.Rival {
        PeersScreen.Rival(peer: peer, value: nil, figure: figure, ratio: ratio, interval: interval, standing: standing)
    }

    private static func line(_ rivals: [PeersScreen.Rival], best: String? = "epoll hard") -> PeersScreen.Line {
        PeersScreen.Line(
            label: "ring",
            workload: "ring",
            parameters: "",
            processors: 1,
            metric: "hop",
            unit: "ns",
            best: best,
            value: 10,
            figure: "10.0 ns",
            candidates: 1,
            rivals: rivals
        )
    }

    private static func svg(_ rivals: PeersScreen.Rival...) throws -> ParsedSVG {
        let plot = try #require(ContestPlot.plot(line(rivals)))
        return try #require(ParsedSVG(plot.svg))
    }

    /// The dots of the rows, without those of the legend, from the top.
    private static func dots(_ svg: ParsedSVG) -> [ParsedSVG.Element] {
        let bottom = svg.all("path", "swy-axis").last?.paths[0].map(\.y).max() ?? 0
        return svg.all("circle").filter { $0.number("cy") < bottom }
    }

    @Test func `Twice and half as long are equally far from the best, on its two sides`() throws {
        let svg = try Self.svg(Self.rival("a", 2), Self.rival("b", 0.5, nil, .ahead))
        let places = Self.dots(svg).map { $0.number("cx") }
        #expect(places.count == 3)
        #expect(places == places.sorted())
        #expect(abs((places[1] - places[0]) - (places[2] - places[1])) < 0.3)
        #expect(places[1] - places[0] > 40)
    }

    @Test func `Ahead, behind and undecided look different, and the best as none of them`() throws {
        let svg = try Self.svg(
            Self.rival("a", 2),
            Self.rival("b", 0.5, nil, .ahead),
            Self.rival("c", 1.1, nil, .undecided)
        )
        let styles = Self.dots(svg).map { ($0.groups.last ?? "") + " " + $0.style }
        #expect(Set(styles).count == 4)
        #expect(styles[1].hasPrefix("swy-best"))
        #expect(styles[2].hasSuffix("swy-open"))
    }

    @Test func `A whisker reaches from one end of the interval to the other`() throws {
        let svg = try Self.svg(Self.rival("a", 2, [1, 4]))
        let whisker = try #require(svg.all("path", "swy-whisker").first?.paths)
        let dots = Self.dots(svg).map { $0.number("cx") }
        #expect(abs(whisker[0][0].x - dots[0]) < 0.3)
        #expect(abs(whisker[0][1].x - dots[1] - (dots[1] - dots[0])) < 0.3)
        #expect(whisker.count == 3)
    }

    @Test func `A peer without a figure shows its outcome instead of a dot`() throws {
        let svg = try Self.svg(Self.rival("a", 2), Self.rival("b", nil, nil, .missing, figure: "FAILED"))
        #expect(Self.dots(svg).count == 2)
        #expect(svg.all("text").contains { $0.text == "FAILED" })
    }

    @Test func `Where nothing is compared there is no plot`() {
        #expect(ContestPlot.plot(Self.line([Self.rival("a", nil, nil, .missing)])) == nil)
        #expect(ContestPlot.plot(Self.line([Self.rival("a", nil, nil, .incomparable)], best: nil)) == nil)
        #expect(ContestPlot.plot(Self.line([])) == nil)
    }

    @Test func `The description names the peers by what they take, and says the outcomes`() throws {
        let rivals = [
            Self.rival("go", 2), Self.rival("ghc", nil, nil, .missing, figure: "FAILED"),
            Self.rival("st", 0.5, nil, .ahead),
        ]
        let plot = try #require(ContestPlot.plot(Self.line(rivals)))
        #expect(
            plot.description
                == "What peers take, divided by what epoll hard takes, 10.0 ns: st 0.500; go 2.00; ghc: FAILED."
        )
        #expect(plot.contest == "ring" && plot.name == "against-ring")
    }

    @Test(arguments: [0, .nan, .infinity, 1, 1 + 1e-12, 1e12, 1e-300])
    func `Every ratio has a plot without broken numbers`(_ ratio: Double) throws {
        let rivals = [Self.rival("a", 1), Self.rival("b", ratio, [ratio, .nan]), Self.rival("c", ratio, [0, ratio])]
        let text = try #require(ContestPlot.plot(Self.line(rivals))).svg
        #expect(!text.contains("nan") && !text.contains("inf") && !text.contains("e+") && ParsedSVG(text) != nil)
    }

    @Test func `Long names and figures are broken into lines within the view box`() throws {
        let name = "a-peer-whose-name-is-that-of-a-folder-of-someone-who-likes-long-names"
        let svg = try Self.svg(Self.rival(name, 7, figure: "12.3 ns (below resolution)"))
        #expect(svg.textsBeyondViewBox.isEmpty)
    }
}
