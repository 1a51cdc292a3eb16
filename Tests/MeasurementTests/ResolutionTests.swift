// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing

@testable import Measurement

@Suite struct `Below resolution` {
    private let robin = Fixture.cell("round-robin")
    private let epoll = Fixture.cell("epoll")

    /// A single time of 90 ns, and a difference of loops of 6 ns.
    private let calibration = Calibration(items: [.init("clock read", 28), .init("empty loop", 2)])

    /// The rows of processes with these values at each cell: nanoseconds per operation in a run of as many
    /// operations, a tenth of it as the cost of arming a deadline, and the same number as a wait.
    private func rows(_ values: [Cell: Double], operations: Int, _ calibration: Calibration?) -> [ResultRow] {
        let records = values.flatMap { cell, value in
            (1...3).map { round in
                var record = Fixture.record(cell, round: round, value)
                record.operations = operations
                record.turns = [
                    Turn(start: 0, runs: 100, elapsed: UInt64(value) * UInt64(operations) * 100, before: 1, after: 1)
                ]
                record.measures += [
                    Measure(.throughput, 1e9 / value), Measure(.armAndCancel, value / 10), Measure(.peakMemory, 1),
                ]
                for _ in 0..<100 { record.histograms["latency", default: LatencyHistogram()].record(UInt64(value)) }
                return record
            }
        }
        return Summary(
            of: records,
            cells: [robin, epoll],
            baseline: Fixture.baseline,
            resolution: Resolution(calibration)
        ).rows
    }

    /// The metrics of a cell that are below resolution.
    private func marked(_ value: Double, operations: Int) -> [String] {
        rows([robin: value], operations: operations, calibration).filter { $0.figures?.isBelowResolution == true }
            .map(\.metric.name)
    }

    @Test func `Is a wait of less than three clock reads and empty loops, however long the run was`() {
        let waits = ["latency-p50", "latency-p90", "latency-max"]
        #expect(marked(89, operations: 1_000) == waits)
        #expect(marked(90, operations: 1_000).isEmpty)
    }

    @Test func `Is a time per operation, and a rate, of which a whole run takes less than that`() {
        #expect(marked(100, operations: 1).isEmpty)
        #expect(marked(80, operations: 1).prefix(2) == ["round-trip", "throughput"])
        #expect(marked(80, operations: 2).filter { !$0.hasPrefix("latency") }.isEmpty)
    }

    @Test func `Is an arm and cancel of less than three empty loops, and the clock does not matter`() {
        #expect(marked(59, operations: 1_000).contains("arm-cancel"))
        #expect(!marked(61, operations: 1_000).contains("arm-cancel"))
    }

    @Test func `Is the verdict of a comparison with such a figure on either side`() throws {
        for (own, other) in [(80.0, 800.0), (800, 80)] {
            let all = rows([robin: own, epoll: other], operations: 1, calibration)
            let row = try #require(all.first { $0.cell == epoll && $0.metric == Fixture.metric })
            #expect(row.figures?.verdict == .belowResolution)
            #expect(row.figures?.isBelowResolution == (other < own))
        }
        let above = rows([robin: 100, epoll: 800], operations: 1, calibration)
        #expect(above.first { $0.cell == epoll && $0.metric == Fixture.metric }?.figures?.verdict == .different)
    }

    @Test func `Is nothing where the calibration does not have the costs`() {
        for partial in [
            nil, Calibration(items: [.init("clock read", 28)]), Calibration(items: [.init("empty loop", nil)]),
        ] {
            #expect(Resolution(partial) == nil)
        }
        #expect(rows([robin: 1], operations: 1, nil).allSatisfy { $0.figures?.isBelowResolution == false })
    }
}
