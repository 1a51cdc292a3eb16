// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues
import Testing

@testable import Harness

@Suite struct `The time that a run has left` {
    private static let own = ["epoll", "nio"]
    private static let all = own + ["peer:go", "peer:java"]

    private static func cells(_ workload: String, _ backends: [String] = all) -> [Cell] {
        backends.map { backend in
            Cell(
                workload: workload,
                parameters: [:],
                backend: backend,
                switching: "soft",
                cpus: "0",
                metric: .time("operation")
            )
        }
    }

    /// A run of three rounds.
    private static func plan(_ groups: [[Cell]]) -> Plan {
        Plan(cells: groups.flatMap(\.self), rounds: 3, seed: 1, minimumTime: 0.01, timeLimit: 10)
    }

    private static func estimate(
        _ groups: [[Cell]],
        after earlier: [TrialRecord] = [],
        hasCounted: Bool = true
    ) -> TimeEstimate {
        var estimate = TimeEstimate(plan(groups), after: earlier) { $0.workload == "echo" }
        estimate.hasCounted = hasCounted
        return estimate
    }

    /// Peers take ten times as long as schedulers, in a server three times as long as elsewhere.
    private static func times(_ cells: [Cell]) -> [Cell: Double] {
        Dictionary(
            uniqueKeysWithValues: cells.map { cell in
                (cell, (cell.peer == nil ? 0.1 : 1) * (cell.workload == "echo" ? 3 : 1))
            }
        )
    }

    private static func sum(_ groups: [[Cell]], _ batches: Int) -> Double {
        groups.reduce(0) { $0 + times($1).values.reduce(0, +) * Double(batches) }
    }

    private static func isClose(_ seconds: Double?, to expected: Double) -> Bool {
        abs((seconds ?? -1) - expected) < 1e-9
    }

    @Test func `Is unknown before the first batch`() {
        #expect(Self.estimate([Self.cells("ring")]).remaining == nil)
    }

    @Test func `Is what a batch takes, times the batches that are left`() {
        let groups = [Self.cells("ring")]
        var estimate = Self.estimate(groups)
        for left in [2, 1, 0, 0] {
            estimate.batchEnded(Self.times(groups[0]), failed: [])
            #expect(Self.isClose(estimate.remaining, to: Self.sum(groups, left)))
        }
    }

    @Test func `Has the counting trials of the schedulers until they are over`() {
        let cells = Self.cells("ring")
        var estimate = Self.estimate([cells], hasCounted: false)
        estimate.batchEnded(Self.times(cells), failed: [])
        #expect(Self.isClose(estimate.remaining, to: Self.sum([cells], 2) + 2 * 0.1))
        estimate.hasCounted = true
        #expect(Self.isClose(estimate.remaining, to: Self.sum([cells], 2)))
    }

    @Test func `Does not take a batch without peers for one with peers`() {
        let (few, many) = (Self.cells("ring", Self.own), Self.cells("yield"))
        let measured = Self.cells("ring", Self.own + ["peer:go"])
        var estimate = Self.estimate([measured, few.map { $0.renamed("select") }, many])
        estimate.batchEnded(Self.times(measured), failed: [])
        let expected = Self.sum([measured], 2) + Self.sum([few, many], 3)
        #expect(Self.isClose(estimate.remaining, to: expected))
    }

    @Test func `Knows what servers take once one has been measured`() {
        let groups = [Self.cells("ring"), Self.cells("echo")]
        var estimate = Self.estimate(groups)
        estimate.batchEnded(Self.times(groups[0]), failed: [])
        #expect(Self.isClose(estimate.remaining, to: Self.sum([groups[0]], 5)))
        estimate.batchEnded(Self.times(groups[1]), failed: [])
        #expect(Self.isClose(estimate.remaining, to: Self.sum(groups, 2)))
    }

    @Test func `Is right after one round, however different the workloads are`() {
        let groups = ["ring", "parked", "echo", "hog"].map { Self.cells($0) }
        var estimate = Self.estimate(groups)
        var expected = 0.0
        for (number, group) in groups.enumerated() {
            let times = Self.times(group).mapValues { $0 * Double(1 << number) }
            expected += 2 * times.values.reduce(0, +)
            estimate.batchEnded(times, failed: [])
        }
        #expect(Self.isClose(estimate.remaining, to: expected))
    }

    @Test func `Leaves out what failed`() {
        let cells = Self.cells("ring")
        var estimate = Self.estimate([cells])
        var times = Self.times(cells)
        // Killed after its time limit.
        times[cells[3]] = 60
        estimate.batchEnded(times, failed: [cells[3]])
        #expect(Self.isClose(estimate.remaining, to: 2 * (0.1 + 0.1 + 1)))
    }

    @Test func `Leaves out what was measured before an interruption`() {
        let groups = [Self.cells("ring"), Self.cells("yield")]
        let earlier = groups[0].flatMap { cell in
            (1...2).map { round in
                TrialRecord(trial: Self.plan(groups).trial(cell, round: round), status: .ok)
            }
        }
        var estimate = Self.estimate(groups, after: earlier)
        estimate.batchEnded(Self.times(groups[1]), failed: [])
        #expect(Self.isClose(estimate.remaining, to: Self.sum(groups, 1) + Self.sum([groups[1]], 1)))
    }
}

extension Cell {
    fileprivate func renamed(_ workload: String) -> Cell {
        var cell = self
        cell.workload = workload
        return cell
    }
}
