// SPDX-License-Identifier: Apache-2.0

import ParameterValues
import Testing

@testable import Measurement
@testable import Reports

@Suite("HTML report")
struct HTMLReportTests {
    private let page: String

    init() throws { page = try PageFixture.page() }

    @Test("the page holds the first screen: caption, warnings, lines and notes")
    func firstScreen() {
        #expect(page.contains(#"<p class="caption">Some CPU, 2026-01-02</p>"#))
        #expect(page.contains("<strong>Note:</strong> The machine was busy.</p>"))
        #expect(page.contains(#"<span class="label">best</span> hard (any scheduler)</td>"#))
        #expect(page.contains(#"<span class="label">next</span> 1.25x</td>"#))
        #expect(page.contains(#"<span class="label">worst</span> 201x</td>"#))
        #expect(page.contains("A yield takes 15.2 ns hard, counted by <code>yield</code>.</td>"))
        #expect(page.contains("A parked tasklet takes 1.15 KiB.</td>"))
        for note in PageFixture.screen.notes { #expect(page.contains("<li>\(note)</li>")) }
    }

    @Test("a kind of load leads to its workloads, unless there are none")
    func kinds() {
        #expect(page.contains(##"<a href="#load-switching">Switching</a></th>"##))
        #expect(page.contains(#"<section id="load-switching""#))
        #expect(page.contains(#"scope="row">Parked memory</th>"#))
    }

    @Test("without another scheduler there is a dash instead of a factor")
    func noNext() { #expect(page.contains(#"<span class="label">next</span> –</td>"#)) }

    @Test("a workload has its parameters, its ranking, its causes and its blindness")
    func workload() {
        #expect(page.contains("Parameters: <code>tasklets=100, yields=500</code>. Metric: switch, ns.</p>"))
        let cells = [
            #"<tr><th scope="row">epoll hard <span class="rank">could be the best</span></th>"#,
            #"<td class="number" data-value="13.8123">13.8 ns</td><td class="number">13.0 ns – 15.0 ns</td>"#,
            #"<td class="number">1.00x</td><td class="number">0.900 – 1.10</td>"#,
            #"<td class="number">2.00</td><td class="number">0.50</td><td>limited by &lt;nothing&gt;</td></tr>"#,
        ]
        #expect(page.contains(cells.joined()))
        #expect(page.contains(#"nio hard <span class="rank">could be the best</span></th>"#))
        #expect(page.contains(#"dispatch soft</th><td class="number">FAILED</td>"#))
        #expect(page.contains("<li>It leaves the processor by <code>yield</code>.</li>"))
        #expect(page.contains("<li>Differences below 7 % would not show.</li>"))
    }

    @Test("every plot is shown once, with its description as text")
    func plots() {
        for plot in PageFixture.plots {
            #expect(page.count(of: plot.svg) == 1)
            #expect(page.contains("<figcaption>\(plot.title)</figcaption>"))
            #expect(page.contains("<p>\(plot.description)</p>"))
        }
    }

    @Test("the plot of the ratios comes before the ranking, and the others come after it")
    func plotOrder() throws {
        let places = try ["ratio-yield picture", "Ranking: yield", "processes-yield picture", "drift picture"].map {
            try #require(page.firstRange(of: $0)).lowerBound
        }
        #expect(places == places.sorted())
    }

    @Test("names are unique, and every link within the page has a target")
    func names() {
        let names = page.matches(of: /\bid="([^"]*)"/).map(\.output.1)
        #expect(Set(names).count == names.count)
        let targets = page.matches(of: /href="#([^"]*)"/).map(\.output.1)
        #expect(!targets.isEmpty)
        #expect(Set(targets).subtracting(names).isEmpty)
    }

    @Test("nothing on the page comes from elsewhere")
    func offline() {
        #expect(page.contains("default-src 'none'"))
        for address in ["http:", "https:", "src=", "@import", "url("] { #expect(!page.contains(address)) }
        let links = page.matches(of: /href="([^"]*)"/).map(\.output.1)
        #expect(links.allSatisfy { $0.hasPrefix("#") || $0 == "data:," })
    }

    @Test("a run without failures has no section on them, and one with failures names them")
    func failures() throws {
        let failure = "round 1: failed: crashed with signal 11 (SIGSEGV)</li>"
        #expect(page.contains("<li>ping-pong (a=1;messages=100), dispatch, soft, \(failure)"))
        #expect(page.contains(##"<a href="#failures">"##))
        let good = RunReport(
            ReportFixture.description,
            environment: ReportFixture.environment,
            records: ReportFixture.records.filter { $0.message == nil }
        )
        #expect(try !PageFixture.page(good).contains("failures"))
    }

    @Test("the page shows the calibration, the environment, the workloads, and how to read it")
    func about() {
        #expect(page.contains(#"<tr><th scope="row">getppid</th><td class="number">168</td></tr>"#))
        #expect(page.contains(#"<th scope="row">futex hand-over</th><td class="number">not available</td>"#))
        #expect(page.contains("On CPU 1; the other core is CPU 0.</p>"))
        #expect(page.contains(#"<th scope="row">processor</th><td>Some CPU</td>"#))
        #expect(page.contains(#"<th scope="row">ping-pong</th><td>a=1;messages=100</td><td>0,2</td>"#))
        #expect(page.contains("The baseline is round-robin, soft."))
        #expect(page.count(of: "counting trial") >= 3)
        #expect(page.contains("every turn is in <code>trials.jsonl</code>"))
    }

    @Test("a run of two builds has a page without screens, whose table tells the builds apart")
    func builds() throws {
        var description = ReportFixture.description
        description.baseline = .build("other")
        let twin = ReportFixture.cell("epoll").on(build: "other")
        let cells = [ReportFixture.cell("epoll"), twin]
        description.plan.cells = cells
        let records = (1...3).flatMap { round in
            [ReportFixture.record(cells[0], round, 30 + Double(round)), ReportFixture.record(twin, round, 60)]
        }
        let report = RunReport(description, environment: ReportFixture.environment, records: records)
        let screen = FirstScreen(caption: "Two builds", warnings: [], lines: [], notes: [])
        let page = try PageFixture.page(report, screen, [], [])
        #expect(!page.contains(#"class="answer""#) && !page.contains(#"id="contents""#))
        #expect(page.contains(#"<th scope="col">build</th>"#))
        #expect(page.contains("<td>soft</td><td>this build</td>") && page.contains("<td>soft</td><td>other</td>"))
        #expect(page.contains("<td>better</td>"))
    }

    @Test("a profile is a row with its shares and a link; without profiles there is no section")
    func profiles() throws {
        #expect(!page.contains(#"id="profiles""#))
        var report = ReportFixture.report
        let share = ProfileEntry.Part(name: "switching", fraction: 0.58, interval: Interval(low: 0.5, high: 0.68))
        report.description.profiles = [
            ProfileEntry(
                cell: ReportFixture.cell("epoll"),
                page: "profiles/ping-pong.html",
                samples: 80,
                shares: [share],
                cost: ProfileEntry.Cost(ratio: 1.02, interval: nil)
            ),
            ProfileEntry(cell: ReportFixture.cell("dispatch"), failure: "no samples"),
        ]
        let page = try PageFixture.page(report)
        #expect(page.contains(##"<a href="#profiles">"##))
        #expect(page.contains(#"<td class="number">58 ± 9 %</td><td class="number">1.02</td>"#))
        #expect(page.contains(#"<td><a href="profiles/ping-pong.html">flame graph</a></td>"#))
        #expect(page.contains("<td>no samples</td>"))
    }

    @Test("a sweep of the offered rate is a table with the rate that each scheduler sustains")
    func rates() throws {
        #expect(!page.contains(#"id="rates""#))
        let records = [500, 1_000].map { rate in
            var cell = ReportFixture.cell("epoll")
            cell.parameters = ["rate": .number(rate)]
            cell.metric = .percentile(50, of: "added-latency")
            var record = ReportFixture.record(cell, 1, 30)
            record.histograms["added-latency"] = LatencyHistogram()
            for _ in 0..<1_000 { record.histograms["added-latency"]?.record(3_000_000) }
            return record
        }
        var description = ReportFixture.description
        description.plan.cells = records.map(\.trial.cell)
        let report = RunReport(description, environment: ReportFixture.environment, records: records)
        let page = try PageFixture.page(report)
        #expect(page.contains(##"<a href="#rates">"##))
        #expect(page.contains("A rate is sustained if"))
        #expect(page.contains(#"<td class="number">3.00 ms</td><td>≥ 1,000/s</td></tr>"#))
    }

    @Test("text is not markup, wherever it comes from", arguments: evil)
    func escaping(text: String) throws {
        var screen = PageFixture.screen
        screen.caption = text
        screen.lines[0].best = text
        screen.lines[0].sentence = "`\(text)`"
        var workload = PageFixture.workload(text, load: .messages)
        workload.rows[0].scheduler = text
        var records = ReportFixture.records
        records[4].message = text
        for index in records.indices { records[index].observed.backend = text }
        let report = RunReport(ReportFixture.description, environment: ReportFixture.environment, records: records)
        let page = try PageFixture.page(report, screen, [workload], [])
        let escaped = Markup.escaped(text)
        #expect(page.contains("<p class=\"caption\">\(escaped)</p>"))
        #expect(page.contains("</span> \(escaped)</td>") && page.contains("<code>\(escaped)</code></td>"))
        #expect(page.contains("-heading\">\(escaped)</h3>"))
        #expect(page.contains("<td>\(escaped)</td>") && page.contains("failed: \(escaped)</li>"))
        #expect(page.count(of: "</script>") == 2 && !page.contains("<!--"))
        #expect(!page.utf8.elementsContain(Array("<\u{301}".utf8)))
    }

    private static let evil = [
        "</script><script>alert(1)</script>", "<!--<script>", "a < b && \"d\" 'e'", "<\u{301}b onclick=x>",
        "{{style}} {{{script}}}",
    ]

    @Test("the same data makes the same page")
    func determinism() throws { #expect(try PageFixture.page() == page) }
}

extension Sequence<UInt8> {
    /// Whether some bytes occur in a row: as characters, a "<" with an accent would hide.
    fileprivate func elementsContain(_ bytes: [UInt8]) -> Bool {
        var last: [UInt8] = []
        return contains { byte in
            last = (last + [byte]).suffix(bytes.count)
            return last == bytes
        }
    }
}

extension String {
    /// How often a text occurs.
    func count(of text: String) -> Int { ranges(of: text).count }
}
