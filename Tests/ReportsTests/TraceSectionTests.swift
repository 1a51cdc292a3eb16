// SPDX-License-Identifier: Apache-2.0

import Measurement
import Testing

@testable import Reports

@Suite("Traces in the report")
struct TraceSectionTests {
    private static var report: RunReport {
        var report = ReportFixture.report
        report.description.traces = [
            TraceEntry(
                cell: ReportFixture.cell("epoll"),
                file: "traces/a.trace.json",
                page: "traces/a.waits.html",
                events: 1_200,
                isCut: true,
                parts: [.init(name: "running", fraction: 0.25), .init(name: "socket", fraction: 0.75)]
            ),
            TraceEntry(cell: ReportFixture.cell("dispatch"), failure: "crashed"),
        ]
        return report
    }

    @Test("a trace is a row with its shares and links; without traces there is no section")
    func markdown() {
        #expect(!ReportPages(ReportFixture.report).markdown.contains("## Traces"))
        let page = ReportPages(Self.report).markdown
        let row = page.split(separator: "\n").first { $0.contains("a.trace.json") }
        let cells = row?.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            cells == [
                "ping-pong", "epoll", "soft", "25 %", "75 %", "1200, the first ones",
                "[file](traces/a.trace.json)", "[page](traces/a.waits.html)",
            ]
        )
        #expect(page.contains("| crashed "))
    }

    @Test("the page links the same")
    func html() throws {
        #expect(!(try PageFixture.page(ReportFixture.report)).contains(#"id="traces""#))
        let page = try PageFixture.page(Self.report)
        #expect(page.contains(##"<a href="#traces">"##))
        #expect(page.contains(#"<td><a href="traces/a.trace.json">file</a></td>"#))
        #expect(page.contains(#"<td><a href="traces/a.waits.html">flame graph</a></td>"#))
        #expect(page.contains("<td>crashed</td>"))
    }
}
