// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite("Plan")
struct PlanTests {
    private func plan(seed: UInt64) -> Plan {
        let cells = (0..<8).map { Fixture.cell("backend-\($0)") }
        return Plan(cells: cells, rounds: 3, seed: seed, minimumTime: 0.1, timeLimit: 5)
    }

    @Test("every round has every cell once")
    func complete() {
        let plan = plan(seed: 1)
        for round in 1...3 {
            let cells = plan.trials.filter { $0.round == round }.map(\.cell)
            #expect(cells.count == 8)
            #expect(Set(cells) == Set(plan.cells))
        }
    }

    @Test("rounds run one after another")
    func ordered() {
        let rounds = plan(seed: 1).trials.map(\.round)
        #expect(rounds == rounds.sorted())
    }

    @Test("the same seed gives the same order, another seed another")
    func seeded() {
        #expect(plan(seed: 7).trials == plan(seed: 7).trials)
        #expect(plan(seed: 7).trials != plan(seed: 8).trials)
    }

    @Test("each round has its own order")
    func shuffled() {
        let trials = plan(seed: 1).trials
        #expect(trials[0..<8].map(\.cell) != trials[8..<16].map(\.cell))
    }
}
