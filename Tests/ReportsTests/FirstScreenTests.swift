// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `The first screen` {
    private static let plain = TerminalText(hasColour: false)
    private static let schedulers = ["round-robin soft", "round-robin hard", "epoll soft", "epoll hard", "nio soft"]

    private func line(_ run: SyntheticRun, _ load: LoadKind) throws -> FirstScreen.Line {
        try #require(FirstScreen(run.report).lines.first { $0.load == load })
    }

    // MARK: The best, and what cannot be told from it

    @Test func `Names the best scheduler alone where the run can tell it from all others`() throws {
        var run = SyntheticRun()
        for (scheduler, value) in zip(Self.schedulers, [50, 40, 50, 30, 60] as [Double]) {
            run.add("ping-pong", scheduler, value, scatter: 0.0001)
        }
        let line = try line(run, .messages)
        #expect(line.best == "epoll hard")
        #expect(line.next == "1.33x")
        #expect(line.worst == "2.00x")
    }

    @Test func `Names those beside the best that the run cannot tell from it, and leaves them out of the factors`()
        throws
    {
        var run = SyntheticRun()
        for (scheduler, value) in zip(Self.schedulers, [60, 30, 61, 30.1, 90] as [Double]) {
            run.add("ping-pong", scheduler, value, scatter: value < 31 ? 0.03 : 0.0001)
        }
        let line = try line(run, .messages)
        #expect(line.best == "hard (all)")
        let factors = [line.next, line.worst].map { $0.flatMap { Double($0.dropLast()) } ?? 0 }
        #expect(abs(factors[0] - 2) < 0.1 && abs(factors[1] - 3) < 0.15)
    }

    @Test func `Says that the run cannot tell where the scatter hides every difference`() throws {
        var run = SyntheticRun()
        for (scheduler, value) in zip(Self.schedulers, [50, 52, 49, 51, 50] as [Double]) {
            run.add("ping-pong", scheduler, value, scatter: 0.3)
        }
        let line = try line(run, .messages)
        #expect(line.best == "cannot tell 5 schedulers apart")
        #expect(line.next == nil && line.worst == nil)
        #expect(line.sentence.hasSuffix("; this run cannot tell the schedulers apart."))
    }

    @Test func `Says that nothing differs where all are within 1 percent`() throws {
        var run = SyntheticRun()
        for scheduler in Self.schedulers { run.add("ping-pong", scheduler, 50, scatter: 0.001) }
        let line = try line(run, .messages)
        #expect(line.best == "no difference between 5 schedulers")
        #expect(line.sentence.hasSuffix("; the schedulers are equal within 1 %."))
    }

    @Test func `Says that there are too few processes where two have run`() throws {
        var run = SyntheticRun(rounds: 2)
        for (scheduler, value) in zip(Self.schedulers, [50, 40, 50, 30, 60] as [Double]) {
            run.add("ping-pong", scheduler, value)
        }
        let line = try line(run, .messages)
        #expect(line.best == "cannot tell 5 schedulers apart")
        #expect(line.sentence.hasSuffix("; there are too few processes to tell the schedulers apart."))
    }

    @Test func `Takes the geometric mean over the workloads of a kind`() throws {
        var run = SyntheticRun()
        for (workload, values) in [("ping-pong", [10, 40]), ("ring", [40, 40])] as [(String, [Double])] {
            run.add(workload, "epoll soft", values[0])
            run.add(workload, "nio soft", values[1])
        }
        let line = try line(run, .messages)
        #expect(line.best == "epoll")
        // The root of 4 times 1.
        #expect(line.next == "2.00x")
    }

    @Test func `More is better where the metric says so`() throws {
        var run = SyntheticRun()
        run.add("ping-pong", "epoll soft", 100, metric: .throughput)
        run.add("ping-pong", "nio soft", 300, metric: .throughput)
        let line = try line(run, .messages)
        #expect(line.best == "nio")
        #expect(line.next.map { $0.hasPrefix("3.0") || $0.hasPrefix("2.9") } == true)
    }

    @Test func `Ranks no scheduler that failed in one of the workloads of a kind`() throws {
        var run = SyntheticRun()
        for workload in ["ping-pong", "ring"] {
            run.add(workload, "epoll soft", 50)
            run.add(workload, "nio soft", 60)
            run.add(workload, "dispatch soft", 10, status: workload == "ring" ? .failed : .ok)
        }
        let report = run.report
        #expect(try line(run, .messages).best == "epoll")
        #expect(FirstScreen(report).warnings == ["1 of 6 cells failed; the report says why."])
    }

    @Test func `Counts as undecided what looks worse than others that are worse`() throws {
        var run = SyntheticRun(rounds: 4)
        run.add("ping-pong", "epoll soft", 50, scatter: 0.001)
        run.add("ping-pong", "round-robin soft", 60, scatter: 0.001)
        run.add("ping-pong", "nio soft", 5_000, scatter: 3)
        let best = try line(run, .messages).best
        #expect(best == "epoll; 1 undecided")
    }

    @Test func `Is not blinded by a scheduler of which too little is known`() throws {
        let answers = try (1...20).map { seed in
            var run = SyntheticRun(rounds: 4, seed: UInt64(seed))
            run.add("ping-pong", "epoll soft", 50, scatter: 0.001)
            run.add("ping-pong", "round-robin soft", 60, scatter: 0.001)
            run.add("ping-pong", "nio soft", 50, scatter: 3)
            return try line(run, .messages).best
        }
        #expect(answers.filter { $0.contains("round-robin") } == [])
        #expect(answers.count { $0.contains("epoll") } >= 18)
    }

    @Test func `Names the few that are worse where nearly all could be the best`() throws {
        var run = SyntheticRun(seed: 3)
        for scheduler in Self.schedulers { run.add("ping-pong", scheduler, 50, scatter: 0.02) }
        run.add("ping-pong", "dispatch soft", 500, scatter: 0.02)
        let best = try line(run, .messages).best
        #expect(best == "all but dispatch")
    }

    @Test func `Says so where no scheduler has a figure`() throws {
        var run = SyntheticRun()
        run.add("ping-pong", "epoll soft", 0, status: .failed)
        run.add("yield", "epoll soft", 50)
        #expect(try line(run, .messages).best == "no figures")
        #expect(try line(run, .switching).best == "epoll")
    }

    @Test func `Ranks by the other workloads of a kind where one of them failed everywhere`() throws {
        var run = SyntheticRun()
        for (scheduler, value) in [("epoll soft", 50), ("nio soft", 100)] as [(String, Double)] {
            run.add("ping-pong", scheduler, 0, status: .failed)
            run.add("ring", scheduler, value, scatter: 0.001)
        }
        let line = try line(run, .messages)
        #expect(line.best == "epoll" && line.next == "2.00x")
        #expect(line.sentence.hasPrefix("Hop: 50.0 ns"))
    }

    @Test func `Compares no figures below resolution`() throws {
        var run = SyntheticRun()
        run.add("ping-pong", "epoll soft", 0.00001)
        run.add("ping-pong", "nio soft", 0.00003)
        var description = run.report.description
        description.calibration = Calibration(
            items: [.init(Calibration.clockRead, 30), .init(Calibration.emptyLoop, 1)],
            cpu: 1,
            otherCPU: 0
        )
        let report = RunReport(description, environment: run.report.environment, records: run.report.records)
        let line = try #require(FirstScreen(report).lines.first)
        #expect(line.best == "cannot tell 2 schedulers apart")
        #expect(line.sentence.hasSuffix("; figures below resolution are not compared."))
    }

    @Test func `Has the truly best scheduler among those that could be the best in 95 percent of runs`() {
        let runs = 300
        let kept = (0..<runs).count { seed in
            var run = SyntheticRun(rounds: 5, seed: UInt64(1_000 + seed))
            for scheduler in Self.schedulers { run.add("ping-pong", scheduler, 50, scatter: 0.1) }
            let report = run.report
            let ranking = Ranking(report.ranked.loads(of: .messages), in: report)
            // Where all are alike, each of them is the best.
            return ranking?.best.contains { $0.scheduler == SchedulerName(run.cells[0].cell) } == true
        }
        #expect(kept >= runs * 94 / 100, "\(kept)")
        #expect(kept < runs, "never wrong is not what a test at 5 % is")
    }

    // MARK: Sentences

    @Test func `Says what each switching costs, whichever is the cheapest`() throws {
        for (hard, soft) in [(13.0, 20.0), (20.0, 13.0)] {
            var run = SyntheticRun()
            run.add("yield", "epoll hard", hard, scatter: 0.00001)
            run.add("yield", "epoll soft", soft, scatter: 0.00001)
            run.add("yield", "nio soft", soft + 1, scatter: 0.00001)
            run.add("yield", "thread-per-task kernel", 6_000, scatter: 0.00001)
            run.add("yield", "thread-per-task kernel ×2", 10, scatter: 0.00001)
            let costs = hard < soft ? "13.0 ns ± 0.0 % hard, 20.0 soft" : "13.0 ns ± 0.0 % soft, 20.0 hard"
            #expect(try line(run, .switching).sentence == "Yield: \(costs), 6.00 µs threads.")
        }
    }

    @Test func `Says who answers in time beside a hog where the others take many times as long`() throws {
        var run = SyntheticRun()
        let wait = Metric.time("latency-p50")
        run.add("hog", "epoll soft", 27e6, scatter: 0.00001, metric: wait)
        run.add("hog", "nio soft", 28e6, scatter: 0.00001, metric: wait)
        run.add("hog", "thread-per-task kernel", 65_000, scatter: 0.00001, metric: wait)
        #expect(
            try line(run, .hog).sentence == "Only thread-per-task answers in time: 65.0 µs against 27.0 ms."
        )
        run.add("hog-checkpoints", "epoll soft", 130_000, scatter: 0.00001, metric: wait)
        run.add("hog-checkpoints", "thread-per-task kernel", 70_000, scatter: 0.00001, metric: wait)
        #expect(
            try line(run, .hog).sentence
                == "Only thread-per-task answers in time: 65.0 µs against 27.0 ms (130 µs if it has checkpoints)."
        )
    }

    @Test func `Says nothing of time beside a hog where nobody is many times as slow`() throws {
        var run = SyntheticRun()
        let wait = Metric.time("latency-p50")
        run.add("hog", "epoll soft", 27e6, scatter: 0.0001, metric: wait)
        run.add("hog", "thread-per-task kernel", 37e6, scatter: 0.0001, metric: wait)
        #expect(try line(run, .hog).sentence == "Median wait: 27.0 ms ± 0.0 % on epoll, 37.0 ms on thread-per-task.")
    }

    @Test func `Compares nio with epoll and several workers with one`() throws {
        var run = SyntheticRun()
        run.add("ping-pong", "epoll soft", 50, scatter: 0.00001)
        run.add("ping-pong", "nio soft", 100, scatter: 0.00001)
        run.add("ping-pong", "dispatch soft", 200, scatter: 0.00001)
        run.add("ping-pong", "dispatch soft ×2", 400, scatter: 0.00001)
        let notes = FirstScreen(run.report).notes
        #expect(
            notes == [
                "nio costs 2.00x (messages) as much as epoll.", "Cost against one worker: dispatch ×2: 2.00x.",
            ]
        )
    }

    @Test func `Says that the run cannot tell nio from epoll, or several workers from one`() {
        var run = SyntheticRun()
        for name in ["epoll soft", "nio soft", "dispatch soft", "dispatch soft ×2"] {
            run.add("ping-pong", name, 50, scatter: 0.2)
        }
        let notes = FirstScreen(run.report).notes
        #expect(
            notes == ["This run cannot tell nio from epoll.", "Cost against one worker: dispatch ×2: undecided."]
        )
    }

    // MARK: The screen

    /// A run like the standard suite, with the longest names and units.
    static var standard: SyntheticRun {
        var run = SyntheticRun()
        let all = ["round-robin", "epoll", "nio"].flatMap { name in
            ["soft", "hard", "continuation"].map { "\(name) \($0)" }
        }
        for kind in LoadKind.allCases {
            for workload in kind.workloads {
                let metric: Metric =
                    kind == .memory
                    ? .memory("memory-per-tasklet")
                    : kind == .connections ? .serverTime : .time("round-trip")
                let parameters = ["idle": 1_000, "rate": 1_000, "messages": 100]
                for (index, scheduler) in all.enumerated() {
                    run.add(
                        workload,
                        scheduler,
                        500 + Double(index),
                        scatter: 0.2,
                        metric: metric,
                        parameters: parameters
                    )
                }
                run.add(workload, "dispatch soft", 5_550, scatter: 0.2, metric: metric, parameters: parameters)
                run.add(workload, "dispatch soft ×2", 5_550, scatter: 0.2, metric: metric, parameters: parameters)
                run.add(workload, "thread-per-task kernel", 55_500, metric: metric, parameters: parameters)
                run.add(workload, "thread-per-task kernel ×2", 88_800, metric: metric, parameters: parameters)
            }
        }
        return run
    }

    @Test func `Answers in 24 lines of at most 80 bytes`() {
        let text = FirstScreen(Self.standard.report).text(Self.plain)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count <= 24)
        #expect(lines.filter { $0.utf8.count > 80 } == [])
        for kind in LoadKind.allCases { #expect(lines.contains { $0.hasPrefix(kind.title) }) }
    }

    @Test func `Shows warnings first, and rather than what is said about the run as a whole`() throws {
        var run = SyntheticRun()
        run.add("ping-pong", "epoll soft", 50)
        run.add("ping-pong", "nio soft", 100)
        var report = run.report
        let quiet = FirstScreen(report).text(Self.plain)
        #expect(quiet.contains("as much as epoll"))
        report.description.disturbances = (0..<30).map {
            "Program \($0) took a processor away in 5 % of the turns, again."
        }
        let busy = FirstScreen(report).text(Self.plain)
        #expect(busy.hasPrefix("The machine was busy. Program 0 took"))
        #expect(!busy.contains("as much as epoll"))
        #expect(busy.contains("... (the report has all of it)"))
        #expect(busy.split(separator: "\n").count <= 24)
        #expect(busy.contains("\nmessages "))
    }

    @Test func `Has escape sequences only in colour`() {
        var run = SyntheticRun()
        run.add("ping-pong", "epoll soft", 50)
        run.add("ping-pong", "nio soft", 100)
        let screen = FirstScreen(run.report)
        #expect(!screen.text(Self.plain).contains("\u{1B}"))
        #expect(screen.text(TerminalText(hasColour: true)).contains("\u{1B}[1mmessages"))
    }

    // MARK: Two builds

    @Test func `Finds two equal builds different in no more than 5 percent of runs, also where rows share processes`() {
        let runs = 300
        let wrong = (0..<runs).count { seed in
            var run = SyntheticRun(rounds: 6, seed: UInt64(9_000 + seed))
            run.baseline = .build("old")
            for build in [nil, "old"] {
                run.add("http-server", "epoll soft", 50, scatter: 0.1, extra: .serverTime, build: build)
            }
            return FirstScreen(run.report).lines.first?.best.hasPrefix("this build") == true
        }
        #expect(wrong <= runs * 8 / 100, "\(wrong)")
        #expect(wrong > 0, "never wrong is not what a test at 5 % is")
    }

    @Test func `Says for each kind of load whether this build is better than the other`() throws {
        for (value, answer) in [(40.0, "this build is better"), (60.0, "this build is worse")] {
            var run = SyntheticRun()
            run.baseline = .build("old")
            for scheduler in ["epoll soft", "nio soft"] {
                run.add("ping-pong", scheduler, value)
                run.add("ping-pong", scheduler, 50, build: "old")
            }
            let line = try line(run, .messages)
            #expect(line.best == answer)
            #expect(line.sentence.hasSuffix("Rows: \(value < 50 ? "better" : "worse") 2."))
        }
    }
}
