// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing

@testable import Measurement
@testable import Reports

@Suite struct `The highest rate under a latency limit` {
    private static func cell(_ rate: Int, backend: String = "epoll", delay: Int = 100) -> Cell {
        Cell(
            workload: "fan-out-http",
            parameters: ["rate": .number(rate), "delay": .number(delay)],
            backend: backend,
            switching: "soft",
            cpus: "1",
            metric: .percentile(50, of: "added-latency")
        )
    }

    /// The record of a process with a number of requests, all of the same added latency.
    private static func record(_ cell: Cell, _ milliseconds: UInt64?, requests: Int = 1_000, busy: Double = 0.5)
        -> TrialRecord
    {
        let trial = Trial(cell: cell, round: 1, minimumTime: 0.1, timeLimit: 60)
        guard let milliseconds else { return TrialRecord(trial: trial, status: .failed, message: "wrong answer") }
        var histogram = LatencyHistogram()
        for _ in 0..<requests { histogram.record(milliseconds * 1_000_000) }
        return TrialRecord(
            trial: trial,
            status: .ok,
            measures: [Measure(.generatorBusy, busy)],
            histograms: ["added-latency": histogram]
        )
    }

    private static func rows(_ records: [TrialRecord]) -> [ResultRow] {
        let baseline = Baseline(backend: "round-robin", switching: "soft")
        return Summary(of: records, cells: records.map(\.trial.cell).unique, baseline: baseline).rows
    }

    /// The fields of the table's lines, below the rule.
    private static func lines(_ records: [TrialRecord]) -> [[String]] {
        RateSection.text(rows(records)).split(separator: "\n").filter { $0.hasPrefix("| fan-out") }.map { line in
            line.split(separator: "|").map { field in
                String(field.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
        }
    }

    /// What is said of a scheduler with these added latencies in milliseconds at 500, 1,000 and 2,000 requests per
    /// second.
    private static func sustained(_ latencies: [UInt64?]) -> String? {
        lines(zip([500, 1_000, 2_000], latencies).map { record(cell($0), $1) }).first?.last
    }

    @Test func `A row has the added latency at each rate, and the last rate before one that is too high`() {
        let records = [(2_000, 40), (500, 1), (1_000, 9)].map { Self.record(Self.cell($0), $1) }
        #expect(
            Self.lines(records) == [["fan-out-http", "epoll", "soft", "1.00 ms", "9.00 ms", "40.0 ms", "1,000/s"]]
        )
    }

    @Test func `A rate above one that is too high does not count, however low its latency`() {
        #expect(Self.sustained([1, 40, 1]) == "500/s")
    }

    @Test func `Where the highest rate is not too high, the scheduler may sustain more`() {
        #expect(Self.sustained([1, 2, 3]) == "≥ 2,000/s")
    }

    @Test func `Where the lowest rate is too high, the scheduler sustains less`() {
        #expect(Self.sustained([11, 20, 30]) == "less than 500/s")
    }

    @Test func `A rate at which a request was not answered is too high`() {
        #expect(Self.sustained([1, nil, 1]) == "500/s")
        #expect(Self.sustained([nil, 1, 1]) == "less than 500/s")
    }

    @Test func `A rate with too few requests, or without any, ends what is known`() {
        let few = Self.record(Self.cell(1_000), 1, requests: 999)
        let others = [500, 2_000].map { Self.record(Self.cell($0), 1) }
        #expect(Self.lines(others + [few]).first?.suffix(4) == ["1.00 ms", "", "1.00 ms", "≥ 500/s"])
        let first = Self.record(Self.cell(500), 1, requests: 999)
        #expect(Self.lines([first, others[1]]).first?.last == "too few requests to tell")
        // Another scheduler ran at all rates.
        let all = [500, 1_000, 2_000].map { Self.record(Self.cell($0, backend: "nio"), 1) }
        #expect(Self.lines(others + all).map(\.last) == ["≥ 500/s", "≥ 2,000/s"])
    }

    @Test func `Schedulers, and other parameters, have rows of their own`() {
        let cells = [500, 1_000].flatMap { [Self.cell($0), Self.cell($0, backend: "nio"), Self.cell($0, delay: 7)] }
        let labels = Self.lines(cells.map { Self.record($0, 1) }).map { $0.prefix(2).joined(separator: " on ") }
        #expect(
            labels == [
                "fan-out-http delay=100 on epoll", "fan-out-http delay=100 on nio", "fan-out-http delay=7 on epoll",
            ]
        )
    }

    @Test func `Where the load generator is the limit, the row says so`() {
        let records = [Self.record(Self.cell(500), 1), Self.record(Self.cell(1_000), 40, busy: 0.95)]
        #expect(Self.lines(records).first?.last == "500/s, limited by the load generator")
    }

    @Test func `A single rate is no sweep`() {
        #expect(RateSection.text(Self.rows([Self.record(Self.cell(500), 1)])).isEmpty)
        #expect(RateSection.text(ReportFixture.report.rows).isEmpty)
    }

    @Test func `The report has the section`() {
        let records = [500, 1_000].map { Self.record(Self.cell($0), 1) }
        let report = RunReport(ReportFixture.description, environment: ReportFixture.environment, records: records)
        #expect(ReportPages(report).markdown.contains("\n## Latency against offered rate\n"))
        #expect(!ReportPages(ReportFixture.report).markdown.contains("offered rate"))
    }
}
