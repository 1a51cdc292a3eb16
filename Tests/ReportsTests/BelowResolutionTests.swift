// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `A figure below resolution` {
    /// A run whose clock costs a third of what the 100 operations of the fixture's runs take, and a little more.
    private let report = {
        var description = ReportFixture.description
        description.calibration = Calibration(items: [.init("clock read", 1_090), .init("empty loop", 1)])
        return RunReport(description, environment: ReportFixture.environment, records: ReportFixture.records)
    }()

    @Test func `Is marked in the summary, with the verdict of whatever is compared with it`() {
        let lines = SummaryTable.text(report.rows, baseline: report.baseline).split(separator: "\n")
        #expect(lines[2].contains(" 31.5 ns (below resolution) |"))
        #expect(lines[3].contains(" 62.9 ns |"))
        #expect(lines[3].contains("| below resolution |"))
    }

    @Test func `Is marked in the report's other tables`() {
        let rows = report.rows.filter { $0.metric == $0.cell.metric }
        let table = MetricMatrix.text(rows, VariedParameters(rows.map(\.cell)), metrics: ["round-trip"])
        #expect(table.contains("31.5 ns (below resolution) |"))
        #expect(table.split(separator: "\n").count { $0.contains("below resolution") } == 1)
    }

    @Test func `Is explained in the report`() {
        #expect(ReportPages(report).markdown.contains("less than 3 times a clock read and an empty loop"))
    }

    @Test func `Has its word in results.csv`() {
        let lines = ResultsFile.text(report.rows).split(separator: "\n")
        #expect(lines.count { $0.hasSuffix(",1,below") } == 1)
        #expect(lines.contains { $0.contains(",below-resolution,") && $0.hasSuffix(",1,") })
    }
}
