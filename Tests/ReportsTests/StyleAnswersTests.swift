// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `The founding questions about styles` {
    private static func add(
        _ style: String,
        _ place: String = "tasklet",
        _ softening: String = "none",
        takes nanoseconds: Double,
        soft: Double = 10,
        hard: Double = 0,
        lines: Double = 20,
        scatter: Double = 0.0005,
        to run: inout SyntheticRun
    ) {
        run.add(
            "blocking-styles",
            "epoll soft",
            nanoseconds,
            scatter: scatter,
            metric: .time("request"),
            words: ["style": style, "place": place, "soften": softening],
            counts: [
                Measure(.switches("soft"), soft), Measure(.switches("hard"), hard),
                Measure(.switches("hard", by: "send"), hard), Measure(.linesOfCode, lines),
            ],
            extra: .cpuTime
        )
    }

    private static func answer(_ beginning: String, _ run: SyntheticRun) -> FoundingAnswer? {
        var run = run
        run.suite = "seed"
        return QuestionsScreen(run.report)?.answers.first { $0.question.hasPrefix(beginning) }
    }

    @Test func `Hard switches are told by style and cause`() throws {
        var run = SyntheticRun()
        Self.add("callbacks", takes: 100, to: &run)
        Self.add("one-shot", takes: 100, to: &run)
        Self.add("block-on", takes: 100, hard: 5, to: &run)
        Self.add("one-shot", "frame", takes: 100, hard: 3, to: &run)
        let answer = try #require(Self.answer("How often", run))
        #expect(
            answer.sentence == """
                In asynchronous code never with callbacks and one-shot, 5.00 times with block-on (by send 5.00); below a \
                synchronous frame 3.00 times with one-shot (by send 3.00).
                """
        )
        #expect(answer.figure == "5.00 at most")
    }

    @Test func `Where hard switches never occur, that is all`() throws {
        var run = SyntheticRun()
        Self.add("callbacks", takes: 100, to: &run)
        let answer = try #require(Self.answer("How often", run))
        #expect(answer.sentence == "In asynchronous code never with callbacks.")
    }

    private static func softened(takes nanoseconds: Double, scatter: Double) throws -> FoundingAnswer {
        var run = SyntheticRun()
        add("block-on", takes: 100, hard: 5, scatter: scatter, to: &run)
        add("block-on", "tasklet", "queued-hand-over", takes: nanoseconds, scatter: scatter, to: &run)
        return try #require(answer("What does it bring", run))
    }

    @Test func `What softening brings is processor time`() throws {
        let answer = try Self.softened(takes: 50, scatter: 0.0005)
        #expect(
            answer.sentence == """
                Processor time of a request: hand-over without a switch takes hard switches from 5.00 to 0, and the \
                processor time to 0.500x.
                """
        )
        #expect(answer.figure == "0.500x")
    }

    @Test func `Or nothing that the run can tell`() throws {
        let answer = try Self.softened(takes: 100, scatter: 0.2)
        #expect(answer.sentence.hasPrefix("Nothing that this run can tell: hand-over without a switch takes"))
        #expect(answer.sentence.contains("to ≈ "))
    }

    @Test(arguments: [(blockOn: 200.0, text: "2.00 times as much"), (blockOn: 100.0, text: "as much")])
    func `What blockOn costs is told against a one-shot`(blockOn: Double, text: String) throws {
        var run = SyntheticRun()
        Self.add("block-on", takes: blockOn, hard: 5, to: &run)
        Self.add("one-shot", takes: 100, to: &run)
        let answer = try #require(Self.answer("What does `blockOn`", run))
        #expect(
            answer.sentence
                == "A request takes \(text) processor time with `blockOn`, and 15.00 switches instead of 10.00."
        )
    }

    private static func callbacks(tasklets: Double, scatter: Double = 0.0005, rounds: Int = 8) throws -> FoundingAnswer
    {
        var run = SyntheticRun(rounds: rounds)
        add("callbacks", takes: 100, lines: 30, scatter: scatter, to: &run)
        add("tasklets", takes: tasklets, scatter: scatter, to: &run)
        for (style, bytes) in [("tasklets", 2_000.0), ("callbacks", 700)] {
            let metric = Metric.memory("memory-per-connection")
            run.add("protocol-memory", "epoll soft", bytes, scatter: 0, metric: metric, words: ["style": style])
        }
        return try #require(answer("Can callbacks go?", run))
    }

    @Test func `Callbacks can go where tasklets cost as much`() throws {
        let answer = try Self.callbacks(tasklets: 100)
        #expect(
            answer.sentence == """
                Yes: a front end of tasklets takes as much processor time a request as one of callbacks, with 20 lines of \
                code instead of 30; an idle connection takes 1.95 KiB instead of 700 B.
                """
        )
    }

    @Test func `At a price where tasklets cost more`() throws {
        #expect(try Self.callbacks(tasklets: 150).sentence.hasPrefix("At a price: "))
    }

    @Test func `Nearly where the interval includes the price, and unknown for too few processes`() throws {
        #expect(
            try Self.callbacks(tasklets: 109, scatter: 0.1).sentence.hasPrefix("Nearly, as far as the run can tell: ")
        )
        #expect(try Self.callbacks(tasklets: 109, rounds: 2).sentence.hasPrefix("The run cannot tell: "))
    }
}

@Suite struct `Protocols in tasklets, in a report` {
    @Test func `Each style has a line of messages, and one of memory`() {
        var run = SyntheticRun()
        run.add(
            "protocol-in-tasklet",
            "epoll soft",
            40_000,
            scatter: 0,
            metric: .percentile(50, of: "latency"),
            parameters: ["connections": 100],
            words: ["style": "protocols"],
            counts: [
                Measure(.percentile(99, of: "latency"), 80_000), Measure(.cpuTime, 9_000),
                Measure(.switches("soft"), 3), Measure(.switches(by: "io"), 3), Measure(.switches("hard"), 0),
            ]
        )
        run.add(
            "protocol-memory",
            "epoll soft",
            2_048,
            scatter: 0,
            metric: .memory("memory-per-connection"),
            parameters: ["connections": 10_000],
            words: ["style": "callbacks"]
        )
        let tables = ConnectionStylesSection.tables(run.report.rows)
        #expect(
            tables.map(\.rows) == [
                [["protocols", "100", "epoll", "soft", "40.0 µs", "80.0 µs", "9.00 µs", "3.00", ""]],
                [["callbacks", "10000", "epoll", "soft", "2.00 KiB"]],
            ]
        )
    }

    @Test func `Nothing is said where neither workload ran`() {
        var run = SyntheticRun()
        run.add("ring", "epoll soft", 1)
        #expect(ConnectionStylesSection.text(run.report.rows).isEmpty)
    }
}
