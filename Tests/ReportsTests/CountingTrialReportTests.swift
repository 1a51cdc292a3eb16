// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `Counting trials in the files of a run` {
    private let report = RunReport(
        ReportFixture.description,
        environment: ReportFixture.environment,
        records: ReportFixture.withCounts
    )

    @Test func `The page has their figures in its tables`() {
        let page = ReportPages(report).markdown
        #expect(page.contains("| workload  | backend     | switching | switches-soft | syscalls |\n"))
        #expect(page.contains("| ping-pong | round-robin | soft      |          2.00 |     1.50 |\n"))
        #expect(page.contains("| workload  | backend     | switching | allocations |\n"))
        #expect(page.contains("| ping-pong | round-robin | soft      |        2.50 |\n"))
        #expect(page.contains("| ping-pong | epoll       | soft      |             |\n"))
    }

    @Test func `One that failed is a remark, and the row stays`() {
        let page = ReportPages(report).markdown
        #expect(page.contains("epoll, soft, counting trial: failed: out of luck\n"))
        #expect(SummaryTable.text(report) == SummaryTable.text(ReportFixture.report))
    }

    @Test func `They are no measured processes`() {
        var report = report
        report.description.isComplete = false
        #expect(ReportPages(report).markdown.contains("**Interrupted: 5 processes have measured.**"))
    }

    @Test func `The CSV files have their values, beside those of the processes as they were`() {
        let results = ResultsFile.text(report.rows).split(separator: "\n")
        let before = ResultsFile.text(ReportFixture.report.rows).split(separator: "\n")
        #expect(results.filter { !$0.contains(",allocations,") && !$0.contains(",syscalls,") } == before)
        let row = "round-robin,soft,1,allocations,per-operation,info,1,2.5,,,2.5,2.5,,,,ok,,,,,,1,"
        #expect(results.contains { $0.hasSuffix(row) })
        let samples = SamplesFile.text(report)
        #expect(samples.hasPrefix(SamplesFile.text(ReportFixture.report)))
        let last = "ping-pong,a=1;messages=100,round-robin,soft,1,0,allocations,per-operation,2.5,,1,\n"
        #expect(samples.contains(last))
    }

    @Test func `The histograms leave out what waits they saw`() {
        var records = ReportFixture.withCounts
        records[5].histograms = ["latency": LatencyHistogram()]
        #expect(HistogramFiles.files(records).isEmpty)
    }

    @Test func `Their records round-trip, and those of other trials are written as before`() throws {
        for record in ReportFixture.withCounts {
            let line = try JSONText.line(record)
            #expect(line.contains("\"counts\"") == record.trial.isCounting)
            #expect(try JSONText.value(TrialRecord.self, from: line) == record)
        }
    }
}
