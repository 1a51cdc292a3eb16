// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing

@testable import Measurement

@Suite("Summary")
struct SummaryTests {
    private let robin = Fixture.cell("round-robin")
    private let epoll = Fixture.cell("epoll")

    private func rows(_ records: [TrialRecord]) -> [ResultRow] {
        Summary(of: records, cells: [robin, epoll], baseline: Fixture.baseline).rows
    }

    private func figures(_ cell: Cell, _ metric: Metric = Fixture.metric, in rows: [ResultRow]) throws
        -> ResultRow.Figures
    {
        try #require(rows.first { $0.cell == cell && $0.metric == metric }?.figures)
    }

    private func records(_ cell: Cell, _ values: [Double]) -> [TrialRecord] {
        values.enumerated().map { Fixture.record(cell, round: $0 + 1, $1) }
    }

    @Test("a figure is the geometric mean over the processes, and a ratio that of two such means")
    func means() throws {
        let rows = rows(records(robin, [10, 20, 40]) + records(epoll, [15, 30, 60]))
        let figures = try figures(epoll, in: rows)
        #expect(abs(figures.value - 30) < 1e-9)
        #expect(abs(figures.range.low - 15) < 1e-9 && abs(figures.range.high - 60) < 1e-9)
        #expect(figures.processes == 3)
        #expect(abs(try #require(figures.comparison).ratio - 1.5) < 1e-9)
        #expect(figures.verdict == .different)
    }

    @Test("turns that were slowed down, or kept waiting, do not count for the figure")
    func fullSpeed() throws {
        var record = Fixture.record(robin, round: 1, 10)
        record.turns += [
            Fixture.turn(14, yardstick: 70_000), Fixture.turn(20, waited: 300), Fixture.turn(10, yardstick: 54_000),
        ]
        let figures = try figures(robin, in: rows([record]))
        #expect(abs(figures.value - 10) < 1e-9)
        #expect(figures.fullSpeedShare == 0.5)
    }

    @Test("a process without a turn at full speed does not count, unless fewer than three have one")
    func neverFast() throws {
        let range = try figures(robin, in: rows(records(robin, [10, 10, 10]) + [slow(round: 4)])).range
        #expect(abs(range.low - 10) < 1e-9 && abs(range.high - 10) < 1e-9)
        let few = try figures(robin, in: rows(records(robin, [10, 10]) + [slow(round: 3)]))
        #expect(few.range.high == 14 && few.processes == 3 && few.fullSpeedShare == nil)
        let slow = slow(round: 2)
        let only = try figures(robin, in: rows(records(epoll, [10]) + [slow])).value
        #expect(abs(only - 14) < 1e-9)
    }

    @Test("the cells of a workload are judged at full speed where most of them can be, and else none")
    func workloads() throws {
        let other = Fixture.cell("nio")
        let slows = { cell in (1...3).map { self.slow(cell, round: $0) } }
        func shown(_ records: [TrialRecord]) throws -> [Double] {
            let rows = Summary(of: records, cells: [robin, epoll, other], baseline: Fixture.baseline).rows
            return try [robin, epoll, other].map { try (figures($0, in: rows).value * 1e6).rounded() / 1e6 }
        }
        func quick(_ cell: Cell) -> [TrialRecord] {
            (1...3).map { round in
                var record = Fixture.record(cell, round: round, 12)
                record.turns = [Fixture.turn(10)]
                return record
            }
        }
        // Over everything the quick ones took 12, and at full speed 10.
        #expect(try shown(quick(robin) + quick(epoll) + slows(other)) == [10, 10, 14])
        #expect(try shown(quick(robin) + slows(epoll) + slows(other)) == [12, 14, 14])
        // Cells that failed do not count.
        let failed = [Fixture.record(other, round: 1, status: .failed)]
        let records = quick(robin) + quick(epoll) + failed
        let rows = Summary(of: records, cells: [robin, epoll, other], baseline: Fixture.baseline).rows
        #expect(try figures(robin, in: rows).fullSpeedShare == 1)
    }

    @Test("rounds in which only one of two processes ran at full speed do not count for the ratio")
    func unequalSpeeds() throws {
        let all = records(robin, [10, 10, 10, 10]) + records(epoll, [11, 11, 11]) + [slow(epoll, round: 4)]
        #expect(abs(try #require(figures(epoll, in: rows(all)).comparison).ratio - 1.1) < 1e-9)
    }

    private func slow(_ cell: Cell? = nil, round: Int) -> TrialRecord {
        var slow = Fixture.record(cell ?? robin, round: round, 14)
        slow.turns = [Fixture.turn(14, yardstick: 70_000)]
        return slow
    }

    @Test("a phase of the machine that meets both cells of a round does not widen the interval of their ratio")
    func phases() throws {
        let rows = rows(records(robin, [10, 20, 15]) + records(epoll, [11, 22, 16.5]))
        let interval = try #require(figures(epoll, in: rows).comparison?.interval)
        #expect(interval.low > 1.0999 && interval.high < 1.1001)
    }

    @Test("p-values are corrected for all comparisons of a metric in a workload")
    func corrected() throws {
        let cells = ["a", "b", "c"].map { Fixture.cell($0) }
        let all = records(robin, [10, 10.1, 10.2]) + cells.flatMap { records($0, [10.2, 10.4, 10.6]) }
        let rows = Summary(of: all, cells: [robin] + cells, baseline: Fixture.baseline).rows
        for cell in cells {
            let figures = try figures(cell, in: rows)
            let probability = try #require(figures.comparison?.probability)
            #expect(abs(try #require(figures.corrected) - min(1, 3 * probability)) < 1e-12)
        }
    }

    @Test("each cell of a build is compared with the same cell of the other, and no build with itself")
    func builds() throws {
        let cells = [robin, epoll].flatMap { [$0.on(build: "old"), $0] }
        let values: [Double] = [10, 20, 30, 90]
        let records = zip(cells, values).flatMap { cell, value in
            (1...3).map { Fixture.record(cell, round: $0, value) }
        }
        let rows = Summary(of: records, cells: cells, baseline: .build("old")).rows.filter {
            $0.metric == Fixture.metric
        }
        let ratios = rows.map { $0.figures?.comparison?.ratio }
        #expect(ratios[0] == nil && ratios[2] == nil)
        #expect(abs(try #require(ratios[1]) - 2) < 1e-9)
        #expect(abs(try #require(ratios[3]) - 3) < 1e-9)
    }

    @Test("two builds show figures of full speed, or both those over everything")
    func twins() throws {
        let cells = [robin.on(build: "old"), robin]
        let records = cells.flatMap { cell in
            (1...4).map { round in
                var record = Fixture.record(cell, round: round, 12)
                // This build is never at full speed.
                record.turns = [Fixture.turn(10, yardstick: cell.build == nil ? 90_000 : 50_000)]
                return record
            }
        }
        let rows = Summary(of: records, cells: cells, baseline: .build("old")).rows
        for cell in cells { #expect(try figures(cell, in: rows).value == 12) }
        #expect(try figures(robin, in: rows).fullSpeedShare == nil)
    }

    @Test("an interval is wider where rounds follow those of the plan as long as that seems to be needed")
    func stopping() throws {
        let all = records(robin, [10, 11, 12, 11]) + records(epoll, [20, 21, 25, 22])
        func width(_ stopping: Stopping) throws -> Double {
            let rows = Summary(of: all, cells: [robin, epoll], baseline: Fixture.baseline, stopping: stopping).rows
            let interval = try #require(try figures(epoll, in: rows).comparison?.interval)
            return interval.high / interval.low
        }
        #expect(try width(.whenSettled(after: 3)) > width(.planned))
        #expect(try width(.whenSettled(after: 4)) == width(.planned))
    }

    @Test("a count that a process does not have is 0 there")
    func missingCount() throws {
        let sends = Metric.switches(by: "send")
        let records = (1...4).map { round in
            var record = Fixture.record(robin, round: round, 10)
            if round == 1 { record.measures.append(Measure(sends, 2)) }
            return record
        }
        let row = try #require(rows(records).first { $0.metric == sends })
        #expect(row.figures?.value == 0.5)
        #expect(row.figures?.processes == 4)
    }

    @Test("the baseline has no ratio to itself")
    func baseline() throws {
        let figures = try figures(robin, in: rows(records(robin, [10])))
        #expect(figures.comparison == nil)
        #expect(figures.interval == nil)
    }

    @Test("metrics without a direction have no ratio, and may be zero")
    func counts() throws {
        let rows = rows(records(robin, [10, 10, 10]) + records(epoll, [10, 10, 10]))
        let figures = try figures(epoll, .noSwitch, in: rows)
        #expect(figures.comparison == nil)
        #expect(figures.value == 0)
    }

    @Test("percentiles come from the waits of all processes, and the rarest only from enough of them")
    func percentiles() throws {
        var records = records(robin, [10, 10, 10])
        for index in records.indices {
            var histogram = LatencyHistogram()
            for wait in 0..<100 { histogram.record(UInt64(index == 2 ? 1_000 : wait)) }
            records[index].histograms = ["latency": histogram]
        }
        let rows = rows(records)
        // The waits of the first two processes are 0 to 99.
        #expect(try figures(robin, .percentile(50, of: "latency"), in: rows).value == 74)
        #expect(try figures(robin, .longest(of: "latency"), in: rows).value == 1_000)
        #expect(try figures(robin, .longest(of: "latency"), in: rows).interval == nil)
        #expect(!rows.contains { $0.metric == .percentile(99.9, of: "latency") })
    }

    @Test("a cell with a trial that failed has no figures", arguments: [TrialStatus.failed, .unsupported])
    func failed(status: TrialStatus) throws {
        let rows = rows(records(robin, [10]) + [Fixture.record(robin, round: 2, status: status)])
        #expect(rows.map(\.status) == [status])
        #expect(rows[0].figures == nil)
    }

    @Test("cells that have not run have no rows")
    func notRun() {
        #expect(rows(records(robin, [10])).allSatisfy { $0.cell == robin })
    }

    @Test("cells that ran unplanned come after the planned ones")
    func unplanned() throws {
        var record = Fixture.record(robin, round: 1, 10)
        record.observed.switching = "continuation"
        let rows = rows([record, Fixture.record(epoll, round: 1, 10)])
        #expect(rows.first?.cell == epoll)
        #expect(rows.last?.cell.switching == "continuation")
    }
}

@Suite struct `More processes are wanted` {
    private let robin = Fixture.cell("round-robin")
    private let epoll = Fixture.cell("epoll")
    private let nio = Fixture.cell("nio")

    private func open(_ values: [Cell: [Double]], failed: Cell? = nil) -> [String] {
        var records = values.flatMap { cell, values in
            values.enumerated().map { Fixture.record(cell, round: $0 + 1, $1) }
        }
        if let failed { records.append(Fixture.record(failed, round: 1, status: .failed)) }
        return Settlement(records, baseline: Fixture.baseline).open([robin, epoll, nio]).map(\.backend)
    }

    private let steady = [10.0, 10.01, 10.02, 9.99, 9.98, 10, 10.01, 9.99]
    private let restless = [10.0, 12, 8, 11, 9, 10, 12, 8]

    @Test func `Of every cell that has few`() {
        #expect(open([robin: [10, 10, 10], epoll: [10, 10, 10], nio: []]) == ["round-robin", "epoll", "nio"])
    }

    @Test func `Of a cell whose ratio is not known well, and of the baseline with it`() {
        #expect(open([robin: steady, epoll: steady, nio: restless]) == ["round-robin", "nio"])
    }

    @Test func `Of none where all are known well`() {
        #expect(open([robin: steady, epoll: steady, nio: steady]).isEmpty)
    }

    @Test func `Not of a cell that differs far more than it scatters`() {
        let far = restless.map { 100 + $0 }
        #expect(open([robin: steady, epoll: far, nio: steady]).isEmpty)
    }

    @Test func `Of a cell whose ratio to the other build's is not known well, with that one`() {
        let cells = [robin, epoll].flatMap { [$0.on(build: "old"), $0] }
        let values = [steady, steady, steady, restless]
        let records = zip(cells, values).flatMap { cell, values in
            values.enumerated().map { Fixture.record(cell, round: $0 + 1, $1) }
        }
        let open = Settlement(records, baseline: .build("old")).open(cells)
        #expect(open == [epoll.on(build: "old"), epoll])
    }

    @Test func `Not of a cell that has failed`() {
        #expect(open([robin: steady, epoll: steady], failed: nio).isEmpty)
    }
}
