// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Measurement
import Reports
import SystemPackage
import Testing

@Suite("Runs", .tags(.slow))
struct RunTests {
    private let small = ["--quick", "--set", "messages=100", "--backends", "round-robin"]

    private func run(_ arguments: [String], in directory: borrowing TemporaryDirectory) async throws -> BenchProcess {
        try await BenchProcess.run(arguments + ["--output", "\(directory.path)/results"])
    }

    private func records(_ directory: borrowing TemporaryDirectory) throws -> [TrialRecord] {
        try directory.text("results/trials.jsonl").split(separator: "\n").map { line in
            try JSONText.value(TrialRecord.self, from: String(line))
        }
    }

    @Test("a run prints a table and writes every file")
    func complete() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await run(["ping-pong"] + small + ["--rounds", "2", "--seed", "5"], in: directory)
        #expect(bench.status == 0, "\(bench.errors)")
        #expect(bench.output.contains("\nload  "))
        #expect(bench.output.contains("\nping-pong: round-trip ("))
        #expect(bench.output.split(separator: "\n").filter { $0.utf8.count > 80 } == [])
        #expect(bench.errors.contains("seed 5"))
        for name in [
            "results.csv", "samples.csv", "benchmarks.txt", "report.md", "report.html", "results.json",
            "run.json", "environment.json", "trials.jsonl", "plots/ratio-ping-pong.svg",
        ] {
            #expect(!(try directory.text("results/\(name)").isEmpty), "\(name)")
        }
        #expect(try records(directory).measured.count == 6)
        #expect(try records(directory).counted.count == 3)
    }

    @Test("rows are labelled with the switching that ran, as counted")
    func labels() async throws {
        let directory = try TemporaryDirectory()
        _ = try await run(["ping-pong"] + small + ["--rounds", "1"], in: directory)
        for record in try records(directory).measured {
            #expect(record.observed.switching == record.trial.cell.switching)
            let name = "switches-\(record.observed.switching)"
            let switches = record.measures.first { $0.metric.name == name }?.value ?? 0
            #expect((1.9...2.2).contains(switches), "\(record.observed) \(switches)")
        }
    }

    @Test("schedulers with several workers are rows of their own, which run")
    func workers() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await run(
            [
                "yield", "--quick", "--set", "yields=20", "--backends", "dispatch,thread-per-task", "--workers", "1,2",
                "--rounds", "1",
            ],
            in: directory
        )
        #expect(bench.status == 0, "\(bench.errors)")
        for name in ["dispatch", "dispatch ×2", "thread-per-task", "thread-per-task ×2"] {
            let mark = ["\n> ", "\n  "].first { bench.output.contains("\($0)\(name)  ") }
            #expect(mark != nil, "\(name): \(bench.output)")
        }
    }

    @Test("a server's processor time is without that of its load, and only where there is a load")
    func serverTime() async throws {
        let directory = try TemporaryDirectory()
        let arguments = ["ping-pong", "http-server"] + small + ["--switching", "soft", "--rounds", "1"]
        let bench = try await run(arguments, in: directory)
        #expect(bench.status == 0, "\(bench.errors)")
        for record in try records(directory).measured {
            let figures = Dictionary(record.measures.map { ($0.metric, $0.value) }) { first, _ in first }
            let hasLoad = record.observed.workload == "http-server"
            #expect((figures[.serverTime] != nil) == hasLoad)
            guard hasLoad, let all = figures[.cpuTime], let own = figures[.serverTime] else { continue }
            #expect(own > 0 && own == all)
            #expect(try #require(figures[.generatorBusy]) > 0)
            // On one processor; that of the load would come on top.
            #expect(own < 1.2 * (try #require(figures[record.trial.cell.metric])))
        }
    }

    @Test("half as many deadlines once more, on a busy processor, where the kernel lets a thread keep it busy")
    func busyDeadlines() async throws {
        let directory = try TemporaryDirectory()
        let arguments = ["timers", "--quick", "--backends", "round-robin", "--switching", "soft", "--rounds", "1"]
        let settings = ["--set", "count=20", "--set", "spread=1", "--set", "cancelled=100"]
        let bench = try await run(arguments + settings, in: directory)
        #expect(bench.status == 0, "\(bench.errors)")
        let isGranted = try await BusyProcessors(.allowed()).keep {} != nil
        for record in try records(directory).measured {
            let counts = record.histograms.mapValues(\.count)
            let idle = try #require(counts["lateness"])
            #expect(idle > 0 && counts["lateness-busy"] == (isGranted ? idle / 2 : nil))
        }
    }

    @Test("a run of a debug build never passes for a measurement")
    func debugRows() async throws {
        let directory = try TemporaryDirectory()
        _ = try await run(["ping-pong"] + small + ["--rounds", "1", "--switching", "soft"], in: directory)
        let rows = try directory.text("results/results.csv").split(separator: "\n").dropFirst()
        #if DEBUG
            #expect(rows.allSatisfy { $0.contains(",debug,") })
            #expect(try directory.text("results/report.md").contains("none of these figures is a measurement"))
        #else
            #expect(rows.allSatisfy { $0.contains(",ok,") })
        #endif
    }

    @Test(
        "a trial that fails says why, exits with 1, and loses no other results",
        arguments: [
            ("fault-crash", "crashed with signal"), ("fault-crash", "Fatal error: crashed on purpose"),
            ("fault-hang", "killed after its time limit of 10 s"), ("fault-throw", "thrown on purpose"),
            ("fault-connection", "read failed: on purpose"),
            ("fault-wrong-answer", "wrong answer: 41 instead of 42"),
        ]
    )
    func faults(name: String, reason: String) async throws {
        let directory = try TemporaryDirectory()
        let arguments =
            ["ping-pong", name] + small + ["--switching", "soft", "--rounds", "1"]
            // Long enough for a trial on a machine busy with other tests.
            + ["--time-limit", name == "fault-hang" ? "10" : "60"]
        let bench = try await run(arguments, in: directory)
        #expect(bench.status == 1)
        let failed = try #require(try records(directory).first { $0.status == .failed })
        #expect(failed.message?.contains(reason) == true, "\(failed.message ?? "")")
        #expect(try directory.text("results/report.md").contains(reason))
        #expect(bench.output.contains("FAILED"))
        #expect(try records(directory).contains { $0.observed.workload == "ping-pong" && !$0.turns.isEmpty })
    }

    @Test("an unsupported trial is not a failure, and has no figures")
    func unsupported() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await run(
            ["fault-unsupported", "--backends", "round-robin", "--switching", "soft"],
            in: directory
        )
        #expect(bench.status == 0)
        let rows = try directory.text("results/results.csv").split(separator: "\n")
        #expect(rows.last?.hasSuffix("fault,ns,lower,,,,,,,,,,unsupported,,,,,,1,") == true)
        #expect(try records(directory).count == 1)
    }

    @Test("a run whose directory disappears names the file, and prints what it measured")
    func directoryRemoved() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        async let removal: Void = moveOnceWritten(results)
        let bench = try await run(["ping-pong"] + small + ["--rounds", "1000"], in: directory)
        try await removal
        #expect(bench.status == 1)
        #expect(bench.output.contains("\nload  "))
        let reason = "the run failed: cannot write '\(results)/trials.jsonl': No such file or directory"
        #expect(bench.errors.contains(reason), "\(bench.errors)")
    }

    /// Moves a results directory away after its first trial.
    private func moveOnceWritten(_ results: String) async throws {
        while FileManager.default.contents(atPath: "\(results)/trials.jsonl")?.isEmpty != false {
            try await Task.sleep(for: .milliseconds(10))
        }
        try FileManager.default.moveItem(atPath: results, toPath: "\(results)-moved")
    }

    @Test("an interrupted run reports what it measured, and exits with 130")
    func interrupted() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        let bench = try await BenchProcess.run(
            ["ping-pong"] + small + ["--rounds", "1000", "--output", results],
            interruptWhen: { FileManager.default.contents(atPath: "\(results)/trials.jsonl")?.isEmpty == false }
        )
        #expect(bench.status == 130)
        #expect(bench.output.contains("\nload  "))
        let kept = try records(directory)
        #expect(!kept.measured.isEmpty)
        let sentence = "**Interrupted: \(kept.measured.count) processes have measured.**"
        #expect(try directory.text("results/report.md").contains(sentence))
    }
}
