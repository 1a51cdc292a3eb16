// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing

@testable import Measurement
@testable import Reports

@Suite struct `Switches against the depth of the stack` {
    private static func row(_ switching: String, _ bytes: Int, _ nanoseconds: Double) -> TrialRecord {
        let cell = Cell(
            workload: "depth",
            parameters: ["bytes": .number(bytes), "messages": 100],
            backend: "epoll",
            switching: switching,
            cpus: "1",
            metric: .time("round-trip")
        )
        let trial = Trial(cell: cell, round: 1, minimumTime: 0.1, timeLimit: 60)
        return TrialRecord(trial: trial, status: .ok, measures: [Measure(cell.metric, nanoseconds)])
    }

    /// What is said of a curve, given nanoseconds by depth, where a soft round trip takes 30.
    private static func tenfold(_ curve: [(bytes: Int, nanoseconds: Double)]) -> DepthSweep.Tenfold? {
        let records = [row("soft", 0, 30)] + curve.map { row("slice", $0.bytes, $0.nanoseconds) }
        return DepthSweep.all(rows(records)).last?.tenfold
    }

    private static func rows(_ records: [TrialRecord]) -> [ResultRow] {
        let baseline = Baseline(backend: "epoll", switching: "soft")
        return Summary(of: records, cells: records.map(\.trial.cell).unique, baseline: baseline).rows
    }

    @Test func `A curve that crosses ten soft round trips does so between two depths`() {
        guard case .from(let bytes) = Self.tenfold([(0, 60), (4_096, 180), (8_192, 420)]) else {
            Issue.record("it crosses between two depths")
            return
        }
        #expect(abs(bytes - 6_144) < 1)
    }

    @Test func `A flat curve does not, up to the greatest depth`() {
        #expect(Self.tenfold([(0, 40), (65_536, 45)]) == .notUpTo(65_536))
    }

    @Test func `A curve that begins above is above at every depth`() {
        #expect(Self.tenfold([(0, 400), (4_096, 400)]) == .always)
    }

    @Test func `Without a soft round trip there is nothing to say`() {
        #expect(DepthSection.text(Self.rows([Self.row("slice", 0, 60)])).isEmpty)
    }

    @Test func `The table has a column per depth, and empty fields where nothing ran`() {
        let records = [Self.row("soft", 0, 30), Self.row("slice", 0, 60), Self.row("slice", 8_192, 540)]
        let text = DepthSection.text(Self.rows(records))
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("| epoll") || $0.hasPrefix("| backend") }
        let fields = lines.map { $0.split(separator: "|").map { $0.trimmed } }
        #expect(
            fields == [
                ["backend", "switching", "0 B", "8.00 KiB", "ten soft ones"],
                ["epoll", "soft", "30.0 ns", "", ""],
                ["epoll", "slice", "60.0 ns", "540 ns", "from 4.00 KiB on"],
            ]
        )
    }
}

extension Substring {
    fileprivate var trimmed: String { split(separator: " ").joined(separator: " ") }
}
