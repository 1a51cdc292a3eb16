// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing

@testable import Measurement
@testable import Reports

@Suite("Report page")
struct ReportPageTests {
    private let page = ReportPages(ReportFixture.report).markdown

    @Test("the summary has a row per cell, with the ratio to the baseline and the outcome")
    func summary() {
        #expect(
            SummaryTable.text(ReportFixture.report.rows, baseline: ReportFixture.report.baseline) == """
                | workload  | backend     | switching | CPUs | per        |    mean | 95 % interval |    ratio | 95 % interval | verdict           | finds | processes | full speed | answer |
                |-----------|-------------|-----------|------|------------|--------:|--------------:|---------:|--------------:|-------------------|------:|----------:|-----------:|--------|
                | ping-pong | round-robin | soft      | 1    | round-trip | 31.5 ns |               | baseline |               |                   |       |         2 |      100 % | right  |
                | ping-pong | epoll       | soft      | 0,2  | round-trip | 62.9 ns |               |     2.00 |               | too few processes |       |         2 |      100 % | right  |
                | ping-pong | dispatch    | soft      | 1    | round-trip |         |               |          |               |                   |       |           |            | FAILED |

                """
        )
    }

    @Test("the first lines say how much of the run was at full speed")
    func fullSpeed() {
        #expect(page.contains("Every answer was checked. The processor ran at full speed in 100 % of the turns.\n"))
        var records = ReportFixture.records
        records[1].turns[0].before = 90_000
        let slow = RunReport(ReportFixture.description, environment: ReportFixture.environment, records: records)
        #expect(ReportPages(slow).markdown.contains(" The processor ran at full speed in 75 % of the turns.\n"))
        let none = RunReport(ReportFixture.description, environment: ReportFixture.environment, records: [])
        #expect(ReportPages(none).markdown.contains("Every answer was checked.\n"))
    }

    @Test("cells that differ in parameters are told apart by these, in tables and in the names of files")
    func varied() {
        let cells = [1, 20].map { value in
            var cell = ReportFixture.cell("epoll")
            cell.parameters["a"] = .number(value)
            return cell
        }
        let varied = VariedParameters(cells + [Self.otherWorkload])
        #expect(cells.map(varied.label) == ["ping-pong a=1", "ping-pong a=20"])
        #expect(cells.map(varied.fileName) == ["ping-pong-a-1", "ping-pong-a-20"])
        #expect(varied.label(Self.otherWorkload) == "yield")
        let records = (cells + [Self.otherWorkload]).map { ReportFixture.record($0, 1, 30) }
        let rows = Summary(of: records, cells: cells + [Self.otherWorkload], baseline: ReportFixture.report.baseline)
            .rows
        #expect(SummaryTable.text(rows, baseline: ReportFixture.report.baseline).contains("| ping-pong a=20 | epoll"))
    }

    private static let otherWorkload = {
        var cell = ReportFixture.cell("epoll")
        cell.workload = "yield"
        return cell
    }()

    @Test("a row that the load generator limits says so")
    func limited() {
        let cells = [ReportFixture.cell("round-robin"), ReportFixture.cell("epoll")]
        let records = zip(cells, [0.5, 0.95]).map { cell, busy in
            var record = ReportFixture.record(cell, 1, 30)
            record.measures.append(Measure(.generatorBusy, busy))
            return record
        }
        let baseline = ReportFixture.report.baseline
        let lines = SummaryTable.text(Summary(of: records, cells: cells, baseline: baseline).rows, baseline: baseline)
            .split(separator: "\n").suffix(2)
        #expect(lines.map { $0.contains("limited by the load generator") } == [false, true])
    }

    @Test("what the server alone spent on a request is a row of its own, unless the cell is about waits")
    func serverTime() {
        let baseline = ReportFixture.report.baseline
        func lines(_ metric: Metric) -> [Substring] {
            let cells = ["round-robin", "epoll"].map { backend in
                var cell = ReportFixture.cell(backend)
                cell.metric = metric
                return cell
            }
            let records = zip(cells, [10.0, 20]).map { cell, time in
                var record = ReportFixture.record(cell, 1, 30)
                record.measures += [Measure(.serverTime, time), Measure(.generatorBusy, 1)]
                return record
            }
            let rows = Summary(of: records, cells: cells, baseline: baseline).rows
            return SummaryTable.text(rows, baseline: baseline).split(separator: "\n").filter {
                $0.contains("server-cpu-time")
            }
        }
        #expect(lines(ReportFixture.metric).map { $0.contains("2.00") } == [false, true])
        #expect(!lines(ReportFixture.metric).contains { $0.contains("limited by the load generator") })
        #expect(lines(.percentile(50, of: "latency")).isEmpty)
    }

    @Test("without a measured baseline there is no ratio, and no other cell becomes the baseline")
    func missingBaseline() {
        let baseline = Baseline(backend: "dispatch", switching: "soft")
        let table = SummaryTable.text(
            Summary(of: ReportFixture.records, cells: ReportFixture.report.plan.cells, baseline: baseline).rows,
            baseline: baseline
        )
        #expect(!table.contains("baseline"))
    }

    @Test("the page shows the parameters and processors of each workload")
    func parameters() {
        #expect(page.contains("| ping-pong | a=1;messages=100 | 1    |\n"))
        #expect(page.contains("| ping-pong | a=1;messages=100 | 0,2  |\n"))
    }

    @Test("the page shows the calibration, and which primitives could not be measured")
    func calibration() {
        #expect(page.contains("| getppid         |           168 |\n"))
        #expect(page.contains("| futex hand-over | not available |\n"))
        #expect(page.contains("On CPU 1; the other core is CPU 0."))
    }

    @Test("the page links the profiles, and shows the profiler's cost by backend")
    func profiles() {
        #expect(!page.contains("## Profiles"))
        var report = ReportFixture.report
        report.description.profiles = [
            ProfileEntry(
                cell: ReportFixture.cell("round-robin"),
                page: "profiles/a.html",
                samples: 250,
                shares: [
                    .init(name: "user", fraction: 0.75, interval: Interval(low: 0.7, high: 0.8)),
                    .init(name: "switch", fraction: 0.25, interval: Interval(low: 0.249, high: 0.251)),
                ],
                cost: .init(ratio: 1.02, interval: Interval(low: 0.99, high: 1.05))
            ),
            ProfileEntry(
                cell: ReportFixture.cell("epoll"),
                page: "profiles/b.html",
                samples: 9,
                cost: .init(ratio: 1.04, interval: nil)
            ),
            ProfileEntry(cell: ReportFixture.cell("dispatch"), failure: "crashed"),
        ]
        let page = ReportPages(report).markdown
        let lines = [
            "| ping-pong | round-robin | soft      | 75 ± 5 % | 25 ± 1 % | 1.02 (0.990–1.05) |     250 | [page](profiles/a.html) |",
            "| ping-pong | dispatch    | soft      |          |          |                   |       0 | crashed                 |",
            "| round-robin |        1 |   1.02 |    1.02 |    1.02 |",
            "| epoll       |        1 |   1.04 |    1.04 |    1.04 |",
        ]
        for line in lines { #expect(page.contains(line + "\n"), "\(page)") }
    }

    @Test("the page shows what failed, and why")
    func failures() {
        #expect(
            page.contains(
                "- ping-pong (a=1;messages=100), dispatch, soft, round 1: failed: crashed with signal 11 (SIGSEGV)\n"
            )
        )
    }

    @Test("the page shows the switches per operation")
    func counts() {
        #expect(page.contains("| ping-pong | epoll       | soft      |          2.00 |\n"))
    }

    @Test("the page names the machine, the build, the dependencies and the seed")
    func environment() {
        for fact in [
            "Some CPU", "Linux 6.18", "Swift 6.3", "abc1234", "release", "seed 7", "8.00 GiB",
            "swift-nio 2.101.2, swift-system 1.8.1",
        ] {
            #expect(page.contains(fact), "\(fact)")
        }
    }

    @Test("a failed calibration says why")
    func failedCalibration() {
        var report = ReportFixture.report
        report.description.calibration = nil
        report.description.calibrationFailure = "exited with status 2"
        let page = ReportPages(report).markdown
        #expect(page.contains("## Calibration\n\nCalibration failed: exited with status 2.\n"))
    }

    @Test("warnings about a debug build and an interruption are at the top")
    func warnings() {
        var report = ReportFixture.report
        report.environment.build = "debug"
        report.description.isComplete = false
        let page = ReportPages(report).markdown
        #expect(page.contains("**This is a debug build: none of these figures is a measurement.**"))
        #expect(page.contains("**Interrupted: 5 processes have measured.**"))
    }

    @Test("bars in cells are escaped")
    func bars() {
        var table = MarkdownTable([("a|b", .left)])
        table.add(["c|d"])
        #expect(table.text.contains("c\\|d"))
    }
}
