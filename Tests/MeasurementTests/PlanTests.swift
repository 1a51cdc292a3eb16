// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing

@testable import Measurement

@Suite("Plan")
struct PlanTests {
    private func plan(seed: UInt64) -> Plan {
        let cells = (0..<8).flatMap { number in
            ["epoll", "nio"].map { Fixture.cell($0, workload: "workload-\(number)") }
        }
        return Plan(cells: cells, rounds: 3, seed: seed, minimumTime: 0.1, timeLimit: 5)
    }

    @Test("every round has every cell once")
    func complete() {
        let plan = plan(seed: 1)
        for round in 1...3 {
            let cells = plan.batches(round).flatMap(\.self)
            #expect(cells.count == 16)
            #expect(Set(cells) == Set(plan.cells))
        }
    }

    @Test("where parameters are compared, a batch has the cells of a scheduler with all of them")
    func comparingParameters() {
        let cells = ["epoll", "nio"].flatMap { backend in
            ["one", "two"].map { style in
                var cell = Fixture.cell(backend)
                cell.parameters["style"] = .word(style)
                return cell
            }
        }
        var plan = Plan(cells: cells, rounds: 1, seed: 1, minimumTime: 1, timeLimit: 1)
        #expect(plan.groups.map { $0.map(\.backend) } == [["epoll", "nio"], ["epoll", "nio"]])
        plan.comparingParameters = ["ping-pong"]
        #expect(plan.groups.map { $0.map { $0.word("style") } } == [["one", "two"], ["one", "two"]])
        #expect(plan.groups.map { Set($0.map(\.backend)) } == [["epoll"], ["nio"]])
    }

    @Test("a batch has the cells of a workload with the same parameters")
    func batches() {
        for batch in plan(seed: 1).batches(1) { #expect(Set(batch.map(\.conditions)).count == 1) }
        #expect(plan(seed: 1).batches(1).count == 8)
    }

    @Test("the same seed gives the same order, another seed another")
    func seeded() {
        #expect(plan(seed: 7).batches(1) == plan(seed: 7).batches(1))
        #expect(plan(seed: 7).batches(1) != plan(seed: 8).batches(1))
        #expect(draw(7, 1, 1) == draw(7, 1, 1))
        #expect(Set([draw(7, 1, 1), draw(8, 1, 1), draw(7, 2, 1), draw(7, 1, 2)]).count == 4)
    }

    @Test("every process has a heap layout of its own, which the seed decides; a counting trial has none")
    func layouts() {
        let plan = plan(seed: 7)
        let layouts = (1...3).flatMap { round in plan.cells.map { plan.trial($0, round: round).layout } }
        #expect(layouts.allSatisfy { $0 != nil } && Set(layouts).count == layouts.count)
        #expect(layouts[0] == self.plan(seed: 7).trial(plan.cells[0], round: 1).layout)
        #expect(layouts[0] != self.plan(seed: 8).trial(plan.cells[0], round: 1).layout)
        #expect(plan.countingTrial(plan.cells[0]).layout == nil)
    }

    private func draw(_ seed: UInt64, _ round: Int, _ batch: Int) -> UInt64 {
        var order = plan(seed: seed).turnOrder(round, batch: batch)
        return order.next()
    }

    @Test("each round has its own order")
    func shuffled() { #expect(plan(seed: 1).batches(1) != plan(seed: 1).batches(2)) }

    @Test("a run whose time is over has three rounds, but one without a limit of time has all")
    func leastRounds() {
        func least(_ rounds: Int, _ budget: Double?) -> Int {
            Plan(cells: [], rounds: rounds, budget: budget, seed: 1, minimumTime: 1, timeLimit: 1).leastRounds
        }
        #expect(least(4, 100) == 3 && least(3, 100) == 3 && least(2, 100) == 2)
        #expect(least(4, nil) == 4)
    }
}
