// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

/// Runs of `blocking-styles` with figures of the test's choice.
private enum Styles {
    static func add(
        _ style: String,
        _ place: String = "tasklet",
        _ softening: String = "none",
        takes nanoseconds: Double,
        counts: [Measure] = [],
        status: TrialStatus = .ok,
        to run: inout SyntheticRun
    ) {
        run.add(
            "blocking-styles",
            "epoll soft",
            nanoseconds,
            metric: .time("request"),
            parameters: ["fan-out": 5],
            words: ["style": style, "place": place, "soften": softening],
            counts: counts,
            status: status,
            extra: .cpuTime
        )
    }

    static func switches(soft: Double, hard: Double, by cause: String) -> [Measure] {
        [
            Measure(.switches("soft"), soft), Measure(.switches("hard"), hard), Measure(.switches("slice"), 0),
            Measure(.switches("hard", by: cause), hard),
        ]
    }

    /// The fields of the lines of a table, less the first three: the workload and the scheduler.
    static func fields(_ tables: [MarkdownTable]) -> [[String]] {
        tables.flatMap(\.rows).map { Array($0.dropFirst(3)) }
    }
}

@Suite struct `Ways to wait for a callback` {
    @Test func `Have a line per style and place, with the causes of hard switches`() {
        var run = SyntheticRun(rounds: 1)
        let figures = [
            Measure(.requestsPerSecond, 9_000), Measure(.allocations, 120), Measure(.linesOfCode, 17),
        ]
        Styles.add(
            "block-on",
            "frame",
            takes: 100_000,
            counts: figures + Styles.switches(soft: 30, hard: 5, by: "send")
                + [Measure(.switches("hard", by: "receive"), 4)],
            to: &run
        )
        let line = Styles.fields(WaysToWaitSection.tables(run.report.rows))[0]
        #expect(line[0...2] == ["block-on", "frame", "9.00 k/s"])
        #expect(line[6...] == ["120", "17", "soft 30.00, hard 5.00", "send 5.00, receive 4.00"])
    }

    @Test func `Say what came of a style that cannot run`() {
        var run = SyntheticRun(rounds: 1)
        Styles.add("callbacks", "frame", takes: 1, status: .unsupported, to: &run)
        #expect(
            Styles.fields(WaysToWaitSection.tables(run.report.rows))[0][..<3] == ["callbacks", "frame", "unsupported"]
        )
    }

    @Test func `Leave out what is softened, and are left out where nothing ran`() {
        var run = SyntheticRun(rounds: 1)
        run.add("ring", "epoll soft", 100)
        #expect(WaysToWaitSection.text(run.report.rows).isEmpty)
        Styles.add("block-on", "tasklet", "queued-hand-over", takes: 100_000, to: &run)
        #expect(WaysToWaitSection.text(run.report.rows).isEmpty)
        Styles.add("block-on", takes: 100_000, to: &run)
        #expect(Styles.fields(WaysToWaitSection.tables(run.report.rows)).count == 1)
    }
}

@Suite struct `A run that compares styles` {
    private static var report: RunReport {
        var run = SyntheticRun(rounds: 3)
        for (style, softening) in [("block-on", "none"), ("one-shot", "none"), ("block-on", "callback-tasklets")] {
            let counts = Styles.switches(soft: 30, hard: 5, by: "send") + [Measure(.requestsPerSecond, 9_000)]
            Styles.add(style, "tasklet", softening, takes: 100_000, counts: counts, to: &run)
        }
        var report = run.report
        report.description.plan.comparingParameters = ["blocking-styles"]
        return report
    }

    @Test func `Prints a line per style and change, and ranks no schedulers, which took no turns`() {
        let lines = ReportPages(Self.report).text(TerminalText(hasColour: false)).split(separator: "\n").suffix(4)
        #expect(lines.first == "blocking-styles on epoll, soft: requests, CPU, hard switches")
        #expect(lines.allSatisfy { $0.utf8.count <= 80 })
        let fields = lines.dropFirst().map { $0.split(separator: " ") }
        #expect(fields.map { $0[0] } == ["block-on", "one-shot", "block-on"])
        #expect(fields[2].contains("callback-tasklets") && fields.allSatisfy { $0.last == "5.00" })
    }

    @Test func `Has both sections on the page and in the report, and no picture of each style`() throws {
        let pages = ReportPages(Self.report)
        let page = try pages.html()
        for title in [WaysToWaitSection.title, SofterSwitchesSection.title] {
            #expect(pages.markdown.contains("## \(title)\n") && page.contains(title))
        }
        #expect(!pages.files.contains { $0.name.contains("block-on") })
    }
}

@Suite struct `Turning hard switches into soft ones` {
    /// The lines of a run in which the classic wait takes 100 µs, and a changed one so many.
    private func lines(
        _ style: String,
        _ softening: String,
        _ nanoseconds: Double,
        place: String = "tasklet"
    ) -> [[String]] {
        var run = SyntheticRun()
        Styles.add(
            "block-on",
            place,
            takes: 100_000,
            counts: Styles.switches(soft: 30, hard: 5, by: "send"),
            to: &run
        )
        Styles.add(
            style,
            place,
            softening,
            takes: nanoseconds,
            counts: Styles.switches(soft: 35, hard: 0, by: "send"),
            to: &run
        )
        return Styles.fields(SofterSwitchesSection.tables(run.report))
    }

    @Test func `A change that pays has a ratio below 1, beside the switches without and with it`() {
        let line = lines("one-shot", "none", 80_000)[0]
        #expect(line[..<4] == ["one-shot in place of a channel", "tasklet", "5.00 → 0", "35.00 → 35.00"])
        #expect(line[4].hasSuffix(" → 80.0 µs") || line[4].contains("→ 79.") || line[4].contains("→ 80."))
        #expect(line[5].hasPrefix("0.8") || line[5].hasPrefix("0.79"))
    }

    @Test func `A change that costs has one above 1`() {
        let line = lines("block-on", "callback-tasklets", 120_000, place: "frame")[0]
        #expect(line[..<2] == ["callbacks in tasklets of their own", "frame"])
        #expect(line[5].hasPrefix("1.2") || line[5].hasPrefix("1.19"))
    }

    @Test func `A change that the run cannot tell from none says so`() {
        #expect(lines("block-on", "queued-hand-over", 100_000)[0][5].hasPrefix("≈ "))
    }

    @Test func `Nothing is said of a change without its counterpart`() {
        var run = SyntheticRun()
        Styles.add("one-shot", "frame", "fast-path", takes: 100_000, to: &run)
        Styles.add("one-shot", "tasklet", takes: 100_000, to: &run)
        #expect(SofterSwitchesSection.text(run.report).isEmpty)
        Styles.add("one-shot", "frame", takes: 120_000, to: &run)
        #expect(Styles.fields(SofterSwitchesSection.tables(run.report)).map { $0[0] } == ["awaited before the frame"])
    }
}
