// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing

@testable import Measurement

@Suite struct `A counting trial` {
    private let robin = Fixture.cell("round-robin")
    private let epoll = Fixture.cell("epoll")

    private var measured: [TrialRecord] {
        [10.0, 10.5, 11].enumerated().flatMap { index, value in
            [Fixture.record(robin, round: index + 1, value), Fixture.record(epoll, round: index + 1, 1.5 * value)]
        }
    }

    private func plan(_ cells: [Cell]) -> Plan {
        Plan(cells: cells, rounds: 3, seed: 1, minimumTime: 0.1, timeLimit: 1)
    }

    /// Its own figures, and others that would be wrong if they were used.
    private func counted(_ cell: Cell, status: TrialStatus = .ok) -> TrialRecord {
        var record = Fixture.record(cell, round: 0, 1_000, status: status)
        record.trial = plan([cell]).countingTrial(cell)
        record.turns = [Fixture.turn(1_000, yardstick: 10)]
        record.turns[0].before = 10
        var waits = LatencyHistogram()
        waits.record(5)
        record.histograms = ["latency": waits]
        record.measures = status.hasFigures ? [Measure(Fixture.metric, 1_000), Measure(.allocations, 2)] : []
        return record
    }

    private func rows(_ records: [TrialRecord]) -> [ResultRow] {
        Summary(of: records, cells: [robin, epoll], baseline: Fixture.baseline).rows
    }

    @Test func `Adds its figures to the cell, and changes no other`() throws {
        let before = rows(measured)
        let after = rows(measured + [counted(robin), counted(epoll)])
        #expect(after.filter { $0.metric != .allocations } == before)
        let own = after.filter { $0.metric == .allocations }
        #expect(own.map(\.cell) == [robin, epoll])
        #expect(own.map(\.figures?.value) == [2, 2])
        #expect(own.map(\.figures?.processes) == [1, 1])
        #expect(own.allSatisfy { $0.figures?.comparison == nil && $0.figures?.interval == nil })
    }

    @Test func `That fails leaves the cell as it is`() {
        for status in [TrialStatus.failed, .unsupported] {
            #expect(rows(measured + [counted(epoll, status: status)]) == rows(measured))
        }
    }

    @Test func `Is no row of its own`() {
        #expect(rows([counted(epoll)]).isEmpty)
        var other = counted(epoll)
        other.observed.switching = "hard"
        let after = rows(measured + [other])
        #expect(after.filter { $0.metric == .allocations }.map(\.cell) == [epoll])
    }

    @Test func `Does not settle a cell, nor make it fail`() {
        for status in [TrialStatus.ok, .failed] {
            let records = measured + [counted(robin, status: status), counted(epoll, status: status)]
            let settlement = Settlement(records, baseline: Fixture.baseline)
            #expect(settlement.open([robin, epoll]) == [robin, epoll])
            #expect(settlement.speed == FullSpeed(of: measured))
        }
    }

    @Test func `Follows for every cell of this build that was measured without a failure, once`() {
        let other = epoll.on(build: "other")
        let failed = Fixture.cell("nio")
        let plan = plan([robin, epoll, other, failed, Fixture.cell("dispatch")])
        let records =
            measured + [
                Fixture.record(other, round: 1, 1), Fixture.record(failed, round: 1, 1),
                Fixture.record(failed, round: 2, status: .failed),
            ]
        #expect(plan.uncounted(after: records) == [robin, epoll])
        #expect(plan.uncounted(after: records + [counted(robin)]) == [epoll])
        // What failed once is not tried again.
        #expect(plan.uncounted(after: records + [counted(robin), counted(epoll, status: .failed)]).isEmpty)
    }

    @Test func `Belongs to no round, and carries no planted cost`() {
        var plan = plan([robin])
        plan.plantedCost = 3
        let trial = plan.countingTrial(robin)
        #expect(trial.isCounting && trial.round == 0 && trial.plantedCost == nil)
        #expect(!plan.trial(robin, round: 1).isCounting)
        #expect(trial.occasion == "counting trial")
        #expect(plan.trial(robin, round: 2).occasion == "round 2")
    }
}
