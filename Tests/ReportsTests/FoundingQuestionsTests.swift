// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `The founding questions` {
    private static func answers(_ run: SyntheticRun) -> [FoundingAnswer] {
        var run = run
        run.suite = "seed"
        return QuestionsScreen(run.report)?.answers ?? []
    }

    /// The answer whose question begins so.
    private static func answer(_ beginning: String, _ run: SyntheticRun) throws -> FoundingAnswer {
        try #require(answers(run).first { $0.question.hasPrefix(beginning) })
    }

    @Test func `Only a run of their suite answers them`() {
        var run = SyntheticRun()
        run.add("yield", "round-robin soft", 10)
        run.add("yield", "round-robin hard", 100)
        #expect(QuestionsScreen(run.report) == nil)
    }

    @Test func `Without rows, only the question about peers has an answer: how to get them`() {
        var run = SyntheticRun()
        run.add("ring", "round-robin soft", 10)
        let answers = Self.answers(run)
        #expect(answers.count == 1)
        #expect(
            answers.first?.sentence.hasPrefix("Without greenlet, gevent, eventlet, twisted, pypy-stackless") == true
        )
    }

    // MARK: Soft and hard switches

    private static func switches(hard: Double, scatter: Double = 0.01, rounds: Int = 8) throws -> FoundingAnswer {
        var run = SyntheticRun(rounds: rounds)
        run.add("yield", "round-robin soft", 10, scatter: scatter)
        run.add("yield", "round-robin hard", hard, scatter: scatter)
        return try answer("Is a soft switch ten times", run)
    }

    @Test func `A hard switch that takes twenty soft ones is a yes`() throws {
        let answer = try Self.switches(hard: 200)
        #expect(answer.sentence.hasPrefix("Yes: a hard one that swaps stacks takes "))
        #expect(answer.evidence == .workload("yield"))
    }

    @Test func `One that takes two is a no`() throws {
        let answer = try Self.switches(hard: 20)
        #expect(answer.sentence.hasPrefix("No: a hard one that swaps stacks takes "))
        #expect(answer.interval != nil)
    }

    @Test func `One that takes as long is a no, and is said to`() throws {
        let answer = try Self.switches(hard: 10, scatter: 0.0005)
        #expect(answer.sentence == "No: a hard one that swaps stacks takes as long as a soft one.")
    }

    @Test func `Where the interval includes ten, the run cannot tell`() throws {
        #expect(try Self.switches(hard: 100, scatter: 0.2).sentence.hasPrefix("The run cannot tell: "))
    }

    @Test func `Two processes are too few to tell`() throws {
        let answer = try Self.switches(hard: 20, rounds: 2)
        #expect(answer.sentence.hasPrefix("The run cannot tell: "))
        #expect(answer.interval == nil)
    }

    @Test(arguments: [
        (deepest: 1_000.0, text: "takes as long as ten soft ones from "),
        (deepest: 100.0, text: "takes less than ten soft ones up to 64.0 KiB"),
    ])
    func `A switch that copies the stack is told by its depth`(deepest: Double, text: String) throws {
        var run = SyntheticRun()
        run.add("yield", "round-robin soft", 10)
        run.add("yield", "round-robin hard", 10)
        for (scheduler, bytes, value) in [("soft", 0, 20.0), ("slice", 0, 40), ("slice", 65_536, deepest)] {
            run.add("depth", "round-robin \(scheduler)", value, scatter: 0, parameters: ["bytes": bytes])
        }
        let answer = try Self.answer("Is a soft switch ten times", run)
        #expect(answer.sentence.contains("; one that copies the stack \(text)"))
        #expect(answer.evidence == .section(DepthSection.title))
    }

    // MARK: Reactors in place of run()

    private static func reactors(nioSwitches: Double) throws -> FoundingAnswer {
        var run = SyntheticRun()
        for (backend, value, count) in [("round-robin", 10.0, 1.0), ("epoll", 10, 1), ("nio", 20, nioSwitches)] {
            let counts = [Measure(.switches("soft"), count), Measure(.noSwitch, 0)]
            run.add("yield", "\(backend) soft", value, scatter: 0.0005, counts: counts)
        }
        return try answer("Does a tasklet notice", run)
    }

    @Test func `A tasklet does not notice where all schedulers switch as often`() throws {
        let answer = try Self.reactors(nioSwitches: 1)
        #expect(answer.sentence.hasPrefix("No: in yield the answers are right and the numbers of switches the same"))
        #expect(
            answer.sentence.hasSuffix(
                "takes as long under epoll and 2.00 times as long under nio as under round-robin."
            )
        )
    }

    @Test func `It may where one of them switches more often`() throws {
        let answer = try Self.reactors(nioSwitches: 1.1)
        #expect(answer.sentence.hasPrefix("It may: in yield the numbers of switches differ"))
    }

    // MARK: CPU-bound tasklets

    private static func hogs(tail: [Int: Double], median: [Int: Double]) throws -> FoundingAnswer {
        var run = SyntheticRun()
        for share in tail.keys.sorted() {
            let metric = Metric.percentile(50, of: "latency")
            run.add(
                "hog-share",
                "epoll soft",
                median[share] ?? 0,
                scatter: 0,
                metric: metric,
                parameters: ["share": share],
                counts: [Measure(.percentile(99, of: "latency"), tail[share] ?? 0)]
            )
        }
        return try answer("Is an I/O-only loop", run)
    }

    @Test func `A loop whose latency stays within ten times is good enough`() throws {
        let answer = try Self.hogs(tail: [0: 10, 10: 50, 50: 90], median: [0: 5, 10: 5, 50: 5])
        #expect(answer.sentence.hasPrefix("Yes, up to a share of 50 %: "))
    }

    @Test func `One whose tail exceeds it is so for most messages`() throws {
        let answer = try Self.hogs(tail: [0: 10, 10: 500, 50: 900], median: [0: 5, 10: 5, 50: 6])
        #expect(answer.sentence.contains("the 99th percentile exceeds 10.0 times what"))
        #expect(answer.sentence.contains("from a share of 10 % on, the median at none"))
    }

    @Test func `One whose median exceeds it, too, is so for small shares`() throws {
        let answer = try Self.hogs(tail: [0: 10, 2: 90, 10: 500, 50: 900], median: [0: 5, 2: 5, 10: 6, 50: 600])
        #expect(answer.sentence.hasPrefix("Only for small shares: "))
        #expect(answer.sentence.contains("from a share of 10 % on, and the median from 50 % on"))
    }

    @Test(arguments: [(progress: 50.0, text: "0.500 times as much work"), (progress: 100.0, text: "as much work")])
    func `What checkpoints cost is the work that is not done`(progress: Double, text: String) throws {
        var run = SyntheticRun()
        let metric = Metric(name: "progress", unit: "ops/s", direction: .higher)
        let late = [Measure(.percentile(99, of: "latency"), 5_000_000)]
        let soon = [Measure(.percentile(99, of: "latency"), 50_000)]
        run.add("hog", "epoll soft", 100, scatter: 0, metric: metric, counts: late)
        run.add("hog-checkpoints", "epoll soft", progress, scatter: 0, metric: metric, counts: soon)
        let answer = try Self.answer("What do checkpoints cost", run)
        #expect(answer.sentence.hasPrefix("A tasklet that computes does \(text), "))
        #expect(answer.sentence.hasSuffix("is 50.0 µs instead of 5.00 ms."))
    }

    // MARK: The report

    @Test func `The report begins with them, and each leads to rows and a plot`() throws {
        var run = SyntheticRun()
        run.suite = "seed"
        run.add("yield", "round-robin soft", 10)
        run.add("yield", "round-robin hard", 20)
        let pages = ReportPages(run.report)
        let headings = pages.markdown.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(headings.first == "## The founding questions")
        #expect(pages.markdown.contains("[yield](#yield)"))
        let html = try pages.html()
        #expect(html.contains("<dt>Is a soft switch ten times faster than a hard one?</dt>"))
        #expect(html.contains("<a href=\"#workload-yield\">yield</a>"))
        #expect(pages.text(TerminalText(hasColour: false)).hasPrefix("Is a soft switch ten times faster"))
    }
}
