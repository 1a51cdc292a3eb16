// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

/// The lines of a plot: what a test looks for, without the examples in the legend.
private struct DrawnLines {
    let svg: ParsedSVG

    init(_ plot: Plot?) throws { svg = try #require(plot.flatMap { ParsedSVG($0.svg) }) }

    /// The lines of the schedulers of a backend, in order.
    func of(_ backend: String) -> [[Point]] {
        svg.all("path", "swy-line", in: "swy-\(Palette.index(backend))").flatMap(\.paths).filter { $0.count > 2 }
    }

    func label(_ text: String) throws -> Double { try #require(svg.all("text").first { $0.text == text }).number("x") }

    /// The ends of the lower axis.
    var axis: (left: Point, right: Point) {
        get throws {
            let corner = try #require(svg.all("path", "swy-axis").first?.paths.first)
            return (corner[1], corner[2])
        }
    }
}

@Suite struct `Percentiles as curves` {
    private static func plots(_ waits: [String: LatencyHistogram]...) -> [Plot] {
        let backends = ["epoll", "nio", "dispatch"]
        let records = zip(backends, waits).map { PlotFixture.record(PlotFixture.cell($0), 1, waits: $1) }
        let cells = PlottedCells(PlotFixture.report(records))
        return PercentilePlot.plots("skynet", cells.cells, of: cells)
    }

    private static func equal(_ count: Int, _ wait: UInt64 = 1_000) -> [String: LatencyHistogram] {
        ["latency": PlotFixture.waits(repeatElement(wait, count: count))]
    }

    @Test func `A curve ends where ten waits are longer`() throws {
        let lines = try DrawnLines(Self.plots(Self.equal(1_000), Self.equal(100)).first)
        let ends = ["epoll", "nio"].map { lines.of($0).first?.last?.x ?? 0 }
        let expected = try [lines.axis.right.x, lines.label("90 %")]
        #expect(abs(ends[0] - expected[0]) < 0.2 && abs(ends[1] - expected[1]) < 0.2)
    }

    @Test func `Fewer waits than twenty make no curve`() {
        #expect(Self.plots(Self.equal(19)).isEmpty)
        #expect(Self.plots(Self.equal(20)).count == 1)
    }

    @Test func `Equal waits are level, and ten times as long is as far up every time`() throws {
        let plots = Self.plots(Self.equal(1_000, 1_000), Self.equal(1_000, 10_000), Self.equal(1_000, 100_000))
        let lines = try DrawnLines(plots.first)
        let heights = ["epoll", "nio", "dispatch"].map { Set(lines.of($0).joined().map(\.y)) }
        #expect(heights.allSatisfy { $0.count == 1 })
        let (low, middle, high) = (heights[0].first ?? 0, heights[1].first ?? 0, heights[2].first ?? 0)
        #expect(high < middle && abs(low + high - 2 * middle) < 0.3)
    }

    @Test func `The waits of all processes count together`() throws {
        let cell = PlotFixture.cell()
        let records = (1...2).map { PlotFixture.record(cell, 1, round: $0, waits: Self.equal(10)) }
        let cells = PlottedCells(PlotFixture.report(records))
        #expect(PercentilePlot.plots("skynet", cells.cells, of: cells).count == 1)
    }

    @Test func `Each series has a plot`() {
        let waits = Self.equal(100).merging(["lateness": PlotFixture.waits(1...100)]) { $1 }
        #expect(Self.plots(waits).map(\.name) == ["percentiles-skynet-latency", "percentiles-skynet-lateness"])
    }

    @Test func `The description has the percentiles that there are enough waits for`() throws {
        let waits = ["latency": PlotFixture.waits(1...100)]
        let description = try #require(Self.plots(waits, Self.equal(1_000)).first).description
        #expect(description.hasSuffix("epoll soft 50.0 ns; nio soft 1.00 µs and 1.00 µs."))
    }
}

@Suite struct `Latency against the offered rate` {
    private static let metric = Metric.percentile(50, of: "added-latency")

    private static func record(_ rate: Int, _ milliseconds: UInt64?, _ backend: String = "epoll", requests: Int = 1_000)
        -> TrialRecord
    {
        let cell = PlotFixture.cell(backend, ["rate": rate], workload: "fan-out-http", metric: metric)
        guard let milliseconds else { return PlotFixture.record(cell, 0, status: .failed) }
        let waits = PlotFixture.waits(repeatElement(milliseconds * 1_000_000, count: requests))
        var record = PlotFixture.record(cell, 0, waits: ["added-latency": waits])
        record.measures = []
        return record
    }

    private static func plots(_ records: [TrialRecord]) -> [Plot] { RatePlot.plots(PlotFixture.report(records).rows) }

    @Test func `A latency of the limit is on the limit's line`() throws {
        let records = [(500, 1), (1_000, 10), (2_000, 100)].map { Self.record($0, $1) }
        let lines = try DrawnLines(Self.plots(records).first)
        let limit = try #require(lines.svg.all("path", "swy-limit").first?.paths[0][0])
        let line = try #require(lines.of("epoll").first)
        // A histogram has three digits.
        #expect(abs(line[1].y - limit.y) < 0.3)
        #expect(line[0].y > limit.y && line[2].y < limit.y)
        #expect(abs(line[0].x + line[2].x - 2 * line[1].x) < 0.3)
    }

    @Test func `A rate at which a trial failed has a cross above the area, and no point`() throws {
        let records = [(500, 1), (1_000, 2), (2_000, 3), (4_000, nil)].map { Self.record($0, $1) }
        let plot = try #require(Self.plots(records).first)
        let lines = try DrawnLines(plot)
        #expect(lines.of("epoll").map(\.count) == [3])
        let cross = try #require(lines.svg.all("path", "swy-line").first { $0.paths.count == 2 }?.paths)
        let top = try #require(lines.svg.all("path", "swy-axis").first?.paths[0][0].y)
        #expect(cross.joined().allSatisfy { $0.y < top })
        let rate = try lines.label("4,000")
        #expect(abs((cross[0][0].x + cross[0][1].x) / 2 - rate) < 0.2)
        #expect(plot.description.hasSuffix("Failed: epoll soft at 4,000."))
    }

    @Test func `Schedulers that fail at the same rate have crosses side by side`() throws {
        let backends = ["epoll", "nio", "dispatch", "round-robin", "thread-per-task", "other", "more"]
        let records = backends.flatMap { [Self.record(500, 1, $0), Self.record(1_000, nil, $0)] }
        let svg = try DrawnLines(Self.plots(records).first).svg
        let crosses = svg.all("path", "swy-line").filter { $0.paths.count == 2 }.map(\.paths[0][0])
        #expect(crosses.count == 7)
        for (index, cross) in crosses.enumerated() {
            #expect(crosses[..<index].allSatisfy { abs($0.x - cross.x) > 7 || abs($0.y - cross.y) > 7 })
        }
        #expect(svg.textsBeyondViewBox.isEmpty)
    }

    @Test func `Too few requests for the 99th percentile leave the median, which has no limit`() throws {
        let plot = try #require(Self.plots([500, 1_000].map { Self.record($0, 1, requests: 100) }).first)
        #expect(plot.title == "fan-out-http: added-latency-p50 against the offered rate")
        #expect(!plot.svg.contains("\"swy-limit\""))
    }

    @Test func `A single rate has no plot`() { #expect(Self.plots([Self.record(500, 1)]).isEmpty) }
}

@Suite struct `A figure against a parameter` {
    private static func plots(_ cells: [(Cell, Double)]) -> [Plot] {
        let records = cells.flatMap { cell, value in
            (1...3).map { PlotFixture.record(cell, value * (1 + 0.01 * Double($0)), round: $0) }
        }
        return ScalingPlot.plots(PlottedCells(PlotFixture.report(records)))
    }

    @Test func `Values that span more than a decade have logarithmic axes`() throws {
        let cells = [100, 1_000, 10_000].map { (PlotFixture.cell("epoll", ["leaves": $0]), Double($0) * 3) }
        let plot = try #require(Self.plots(cells).first)
        let lines = try DrawnLines(plot)
        let line = try #require(lines.of("epoll").first)
        #expect(abs(line[0].x + line[2].x - 2 * line[1].x) < 0.3)
        #expect(abs(line[0].y + line[2].y - 2 * line[1].y) < 0.3)
        #expect(plot.name == "scaling-skynet-leaves")
        #expect(plot.description == "The leaf by leaves: epoll soft 306 ns at 100 and 30.6 µs at 10,000.")
    }

    @Test func `Values within a decade have linear axes`() throws {
        let cells = [100, 200, 300].map { (PlotFixture.cell("epoll", ["leaves": $0]), Double($0)) }
        let lines = try DrawnLines(Self.plots(cells).first)
        let line = try #require(lines.of("epoll").first)
        let bottom = try lines.axis.left.y
        #expect(abs(line[0].x + line[2].x - 2 * line[1].x) < 0.3)
        #expect(abs((bottom - line[2].y) - 3 * (bottom - line[0].y)) < 0.5)
    }

    @Test func `Each point has a whisker around it`() throws {
        let cells = [100, 200, 300].map { (PlotFixture.cell("epoll", ["leaves": $0]), Double($0)) }
        let lines = try DrawnLines(Self.plots(cells).first)
        let whiskers = lines.svg.all("path", "swy-thin").flatMap(\.paths)
        #expect(whiskers.count == 3)
        for (whisker, point) in zip(whiskers, lines.of("epoll").joined()) {
            #expect(whisker[0].x == point.x && whisker[0].y > point.y && whisker[1].y < point.y)
        }
    }

    @Test func `Workers, and the rate, are no sweep`() {
        #expect(Self.plots([nil, 2, 4].map { (PlotFixture.cell(workers: $0), 1) }).isEmpty)
        #expect(Self.plots([500, 1_000].map { (PlotFixture.cell("epoll", ["rate": $0]), 1) }).isEmpty)
    }

    @Test func `Two parameters that vary are no sweep`() {
        let cells = [(1, 1), (1, 2), (2, 1)].map { (PlotFixture.cell("epoll", ["leaves": $0, "fan-out": $1]), 1.0) }
        #expect(Self.plots(cells).isEmpty)
    }

    @Test func `Where the rate varies as well, each rate has a plot`() {
        let cells = [(1, 500), (2, 500), (1, 900), (2, 900)].map {
            (PlotFixture.cell("epoll", ["idle": $0, "rate": $1]), 1.0)
        }
        #expect(Self.plots(cells).map(\.name) == ["scaling-skynet-rate-500-idle", "scaling-skynet-rate-900-idle"])
    }
}
