// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `All plots of a run` {
    private static let backends = ["epoll", "round-robin", "dispatch", "thread-per-task", "nio", "a<b>&\"c'"]
    private static let longName = "a-scheduler-with-a-name-that-is-longer-than-any-plot-is-wide-and-cannot-be-broken"

    /// Every kind of plot, with a scheduler whose name needs escaping.
    private static let records = (backends + [longName]).flatMap { backend in
        [100, 1_000].flatMap { leaves -> [TrialRecord] in
            let cell = PlotFixture.cell(backend, ["leaves": leaves])
            let turns = [PlotFixture.turn(at: Double(leaves), yardstick: 40)]
            let waits = ["latency": PlotFixture.waits(1...100)]
            return (1...3).map { PlotFixture.record(cell, Double(leaves), round: $0, turns: turns, waits: waits) }
        }
            + [500, 1_000].flatMap { rate -> [TrialRecord] in
                let metric = Metric.percentile(50, of: "added-latency")
                let cell = PlotFixture.cell(backend, ["rate": rate], workload: "fan-out-http", metric: metric)
                let waits = ["added-latency": PlotFixture.waits(repeatElement(1_000_000, count: 1_000))]
                return (1...2).map { PlotFixture.record(cell, 1, round: $0, waits: waits) }
            }
    }

    private static func plots() -> [Plot] {
        let rows = backends.map { PlotFixture.row($0, 1) }
        let screens = ["skynet leaves=100", "skynet leaves=1000"].map { PlotFixture.screen(rows, label: $0) }
        return Plots.all(PlotFixture.report(records), screens)
    }

    private static let kinds = ["ratio", "percentiles", "processes", "rate", "scaling", "drift"]

    @Test func `Every kind is there, and every name is unique`() {
        let names = Self.plots().map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Self.kinds.filter { kind in !names.contains { $0.hasPrefix(kind) } }.isEmpty)
        #expect(names.first == "ratio-skynet-leaves-100" && names.last == "drift")
    }

    @Test func `A run without records has no plots`() {
        #expect(Plots.all(PlotFixture.report([]), []).isEmpty)
    }

    @Test func `Each is well-formed, and shows names that need escaping`() throws {
        for plot in Self.plots() where plot.name != "drift" {
            let svg = try #require(ParsedSVG(plot.svg), "\(plot.name)")
            #expect(svg.texts.joined(separator: " ").contains("a<b>&\"c'"), "\(plot.name)")
        }
    }

    @Test func `Each has a name and a description for those who cannot see it`() throws {
        for plot in Self.plots() {
            let svg = try #require(ParsedSVG(plot.svg))
            let root = try #require(svg.all("svg").first?.attributes)
            #expect(root["role"] == "img")
            #expect(root["aria-labelledby"] == "\(plot.name)-title \(plot.name)-description")
            let title = try #require(svg.all("title").first)
            let description = try #require(svg.all("desc").first)
            #expect(title.attributes["id"] == "\(plot.name)-title" && title.text == plot.title)
            #expect(description.attributes["id"] == "\(plot.name)-description" && description.text == plot.description)
            #expect(!plot.description.isEmpty)
        }
    }

    @Test func `Each shrinks with its page, and is as large as its view box in a file`() throws {
        for plot in Self.plots() {
            let root = try #require(ParsedSVG(plot.svg)?.all("svg").first)
            let size = "\(root.attributes["width"] ?? "") \(root.attributes["height"] ?? "")"
            #expect(root.attributes["viewBox"] == "0 0 \(size)")
            #expect(root.attributes["style"] == "max-width:100%;height:auto")
        }
    }

    @Test func `No text is cut off`() throws {
        for plot in Self.plots() {
            let cut = try #require(ParsedSVG(plot.svg)).textsBeyondViewBox
            #expect(cut.isEmpty, "\(plot.name): \(cut)")
        }
    }

    @Test func `Each needs nothing else, and has no broken number`() {
        for plot in Self.plots() {
            let svg = plot.svg.replacing("http://www.w3.org/2000/svg", with: "")
            let forbidden = ["://", "<script", "@import", "url(", "\"nan", "\"inf", ",nan", "e+", "e-0"]
            #expect(forbidden.filter { svg.contains($0) }.isEmpty, "\(plot.name)")
            #expect(svg.utf8.count < 60_000)
        }
    }

    @Test func `The same run has the same plots`() { #expect(Self.plots() == Self.plots()) }

    @Test func `Plots of one load name it, and those of several do not`() {
        let named = Dictionary(grouping: Self.plots(), by: \.workload).mapValues { Set($0.map(\.name)) }
        #expect(named[nil] == ["rate-fan-out-http", "scaling-skynet-leaves", "drift"])
        #expect(
            named["skynet leaves=100"] == [
                "ratio-skynet-leaves-100", "percentiles-skynet-leaves-100-latency", "processes-skynet-leaves-100",
            ]
        )
    }

    @Test func `A cell that failed has no curves, and no dots`() {
        let waits = ["latency": PlotFixture.waits(1...100)]
        let turns = [PlotFixture.turn(at: 0, yardstick: 40)]
        let failed = PlotFixture.record(PlotFixture.cell(), 0, turns: turns, waits: waits, status: .failed)
        #expect(Plots.all(PlotFixture.report([failed, failed]), []).isEmpty)
    }

    @Test func `Schedulers differ in colour and marker by backend, and in dashes by switching and workers`() {
        #expect(Set(Self.backends.map(Palette.index)).count == Self.backends.count)
        let cells = [
            ("soft", nil), ("hard", nil), ("continuation", nil), ("soft", 2), ("soft", 4), ("continuation", 2),
        ]
        let dashes = cells.map { Palette.dash(PlottedScheduler(PlotFixture.cell(switching: $0, workers: $1))) }
        #expect(Set(dashes).count == cells.count)
        #expect(Set(Palette.light).count == Palette.light.count && Palette.light.count == Palette.dark.count)
    }
}
