// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite("Summary")
struct SummaryTests {
    private let robin = Fixture.cell("round-robin")
    private let epoll = Fixture.cell("epoll")

    private func rows(_ records: [TrialRecord]) -> [ResultRow] {
        Summary(of: records, cells: [robin, epoll], baseline: Fixture.baseline).rows
    }

    private func own(_ cell: Cell, in rows: [ResultRow]) throws -> ResultRow {
        try #require(rows.first { $0.cell == cell && $0.metric == Fixture.metric })
    }

    @Test("ratios are formed within rounds, so that drift of whole rounds cancels")
    func drift() throws {
        // Each round is twice as slow as the one before; within a round, epoll takes 1.5 times as long.
        let records = [(1, 10.0), (2, 20), (3, 40)].flatMap { round, value in
            [Fixture.record(robin, round: round, value), Fixture.record(epoll, round: round, value * 1.5)]
        }
        let figures = try #require(try own(epoll, in: rows(records)).figures)
        let ratio = try #require(figures.ratio)
        #expect(ratio.median == 1.5)
        #expect(ratio.interval == Interval(low: 1.5, high: 1.5))
        #expect(ratio.isDifferent == true)
        #expect(figures.median == 30)
        #expect(figures.range == Interval(low: 15, high: 60))
    }

    @Test("a ratio whose interval contains 1 is not a difference")
    func noDifference() throws {
        let pairs = [(1, 10.0, 11.0), (2, 10, 9), (3, 10, 10.5), (4, 10, 9.5)]
        let records = pairs.flatMap { round, left, right in
            [Fixture.record(robin, round: round, left), Fixture.record(epoll, round: round, right)]
        }
        #expect(try own(epoll, in: rows(records)).figures?.ratio?.isDifferent == false)
    }

    @Test("the baseline has no ratio to itself")
    func baseline() throws {
        let row = try own(robin, in: rows([Fixture.record(robin, round: 1, 10)]))
        #expect(row.figures?.ratio == nil)
        #expect(row.figures?.interval == nil)
    }

    @Test("metrics without a direction have no ratio")
    func counts() throws {
        let records = [Fixture.record(robin, round: 1, 10), Fixture.record(epoll, round: 1, 10)]
        let row = try #require(rows(records).first { $0.cell == epoll && $0.metric == .noSwitch })
        #expect(row.figures?.ratio == nil)
    }

    @Test(
        "a round in which the baseline failed does not count for the ratio",
        arguments: [TrialStatus.failed, .unsupported]
    )
    func missingRound(status: TrialStatus) throws {
        let records = [
            Fixture.record(robin, round: 1, 10), Fixture.record(epoll, round: 1, 20),
            Fixture.record(robin, round: 2, status: status), Fixture.record(epoll, round: 2, 90),
        ]
        let rows = rows(records)
        #expect(try own(epoll, in: rows).figures?.ratio?.median == 2)
        #expect(try own(robin, in: rows).status == status)
        #expect(try own(robin, in: rows).figures == nil)
    }

    @Test("cells that have not run have no rows")
    func notRun() {
        #expect(rows([Fixture.record(robin, round: 1, 10)]).allSatisfy { $0.cell == robin })
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
