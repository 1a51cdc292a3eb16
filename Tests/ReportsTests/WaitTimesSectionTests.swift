// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `The section on latency and lateness` {
    private let cell = {
        var cell = ReportFixture.cell("epoll")
        cell.workload = "timers"
        cell.metric = .percentile(50, of: "lateness")
        return cell
    }()

    private func page(_ series: [String], roundTrip: Double? = 46_000) -> String {
        var record = ReportFixture.record(cell, 1, 30)
        var histogram = LatencyHistogram()
        for wait in 1...100 { histogram.record(UInt64(wait)) }
        for name in series { record.histograms[name] = histogram }
        var description = ReportFixture.description
        description.plan.cells = [cell]
        description.calibration?.items.append(.init("futex hand-over and back, two cores", roundTrip))
        return ReportPages(RunReport(description, environment: ReportFixture.environment, records: [record]))
            .markdown
    }

    @Test func `Shows the lateness on an idle and on a busy processor side by side`() {
        let page = page(["lateness", "lateness-busy"])
        #expect(page.contains("lateness-p50 | lateness-p90 | lateness-max | lateness-busy-p50 | lateness-busy-p90 |"))
    }

    @Test func `Says what the way out of idle takes, where there is a lateness and that was measured`() {
        let sentence = "takes this machine about 23.0 µs: half of the calibration's"
        #expect(page(["lateness"]).contains(sentence))
        #expect(!page(["latency"]).contains("this machine about"))
        #expect(!page(["lateness"], roundTrip: nil).contains("this machine about"))
    }
}
