// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Measurement
import Reports
import Subprocess
import SystemPackage
import Testing

@Suite("Runs that are resumed, and reports that are written again", .tags(.slow))
struct ResumeTests {
    private static let arguments = [
        "run", "ping-pong", "timers", "--quick", "--set", "messages=100", "--set", "count=20", "--set", "spread=2",
        "--backends", "round-robin,epoll", "--switching", "soft", "--rounds", "2",
    ]

    /// The cells, metrics and numbers of processes of a run, without what depends on the machine's speed: percentiles
    /// need a number of waits, and a call that was never made has no row.
    private static func rows(_ results: String) throws -> Set<String> {
        let lines = try text("\(results)/results.csv").split(separator: "\n")
        let fields = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        return Set(fields.filter { !$0[5].contains(/-p[0-9]|^syscalls-/) }.map { $0[..<9].joined(separator: ",") })
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// A complete run, copied for every test.
    private static let complete = Task {
        let directory = try TemporaryDirectory()
        let bench = try await BenchProcess.run(arguments + ["--output", "\(directory.path)/results"])
        try #require(bench.status == 0, "\(bench.errors)")
        let names = [
            "run.json", "environment.json", "trials.jsonl", "results.csv", "samples.csv", "report.md",
            "report.html", "results.json", "benchmarks.txt",
        ]
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try text("\(directory.path)/results/\($0)")) })
    }

    /// The raw data of a complete run, as if it had been killed after a number of whole trials.
    private static func restore(_ results: String, trials: Int? = nil) async throws {
        try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
        for name in ["run.json", "environment.json", "trials.jsonl"] {
            try write(try await complete.value[name] ?? "", to: "\(results)/\(name)")
        }
        guard let trials else { return }
        let lines = try text("\(results)/trials.jsonl").split(separator: "\n").prefix(trials)
        try write(lines.map { "\($0)\n" }.joined(), to: "\(results)/trials.jsonl")
        try edit("\(results)/run.json") { $0.replacing("\"isComplete\" : true", with: "\"isComplete\" : false") }
    }

    private static func edit(_ path: String, _ change: (String) -> String) throws {
        let old = try text(path)
        let new = change(old)
        try #require(new != old)
        try write(new, to: path)
    }

    @Test("a run that was killed after some trials has all rows once it is resumed", arguments: [0, 1, 3, 4, 7, 8, 10])
    func resumed(trials: Int) async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        try await Self.restore(results, trials: trials)
        let bench = try await BenchProcess.run(["run", "--resume", results])
        #expect(bench.status == 0, "\(bench.errors)")
        let complete = try await Self.complete.value
        try Self.write(complete["results.csv"] ?? "", to: "\(directory.path)/results.csv")
        #expect(try Self.rows(results).symmetricDifference(Self.rows(directory.path)) == [])
        // What was measured before is kept as it was.
        let before = (complete["trials.jsonl"] ?? "").split(separator: "\n").prefix(trials)
        let after = try Self.text("\(results)/trials.jsonl").split(separator: "\n")
        #expect(Array(after.prefix(trials)) == Array(before))
        // Of two rounds, and a counting trial of each cell.
        #expect(after.count == 12)
        #expect(!(try Self.text("\(results)/report.md").contains("Interrupted")))
    }

    @Test("a counting trial that fails once all processes have measured is a remark, and the figures stay")
    func failedCount() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        try await Self.restore(results, trials: 12)
        try Self.edit("\(results)/trials.jsonl") { text in
            text.split(separator: "\n").filter { !$0.contains("\"counts\":true") }.map { $0 + "\n" }.joined()
        }
        for name in ["run.json", "trials.jsonl"] {
            try Self.edit("\(results)/\(name)") { $0.replacing("\"ping-pong\"", with: "\"fault-throw\"") }
        }
        let bench = try await BenchProcess.run(["run", "--resume", results])
        #expect(bench.status == 1)
        let rows = try Self.text("\(results)/results.csv").split(separator: "\n")
        let primary = rows.filter { $0.contains("fault-throw,") && $0.contains(",round-trip,") }
        #expect(primary.count == 2 && primary.allSatisfy { $0.contains(",lower,2,") }, "\(primary)")
        #expect(!rows.contains { $0.contains("fault-throw,") && $0.contains(",allocations,") })
        #expect(rows.contains { $0.contains("timers,") && $0.contains(",allocations,") })
        let report = try Self.text("\(results)/report.md")
        #expect(report.split(separator: "counting trial: failed: ").count == 3, "\(report)")
    }

    /// A shell kills it: unlike a task of this process, that does not wait for the tests beside it.
    @Test("a run that is killed while it measures is resumed")
    func killed() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        let script = """
            "$0" run ping-pong --quick --set messages=100 --backends epoll --switching soft --rounds 20 --output "$1" &
            until [ -s "$1/trials.jsonl" ]; do sleep 0.01; done
            kill -KILL $!
            wait $!
            echo $?
            """
        let killed = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-c", script, try BenchProcess.executable.string, results],
            environment: .inherit.updating(["SWITCHYARD_DEBUG_TRIALS": "1"]),
            output: .string(limit: 1 << 16),
            error: .discarded
        )
        #expect(killed.standardOutput == "137\n")
        let bench = try await BenchProcess.run(["run", "--resume", results])
        #expect(bench.status == 0, "\(bench.errors)")
        let rounds = try Self.text("\(results)/trials.jsonl").split(separator: "\n").map { line in
            try JSONText.value(TrialRecord.self, from: String(line)).trial.round
        }
        // The counting trial, of round 0, follows the first.
        #expect(rounds == [1, 0] + Array(2...20))
    }

    @Test("a last line that was cut off is measured again by a resumed run, and refused by a report")
    func torn() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        try await Self.restore(results, trials: 6)
        try Self.edit("\(results)/trials.jsonl") { String($0.dropLast(20)) }
        let report = try await BenchProcess.run(["report", results])
        #expect(report.status == 2)
        #expect(
            report.errors == "bench: '\(results)/trials.jsonl' ends within line 6; "
                + "'bench run --resume \(results)' measures what is missing\n"
        )
        let bench = try await BenchProcess.run(["run", "--resume", results])
        #expect(bench.status == 0, "\(bench.errors)")
        #expect(try Self.text("\(results)/trials.jsonl").split(separator: "\n").count == 12)
    }

    @Test("without trials there is no report, and no other file is changed")
    func empty() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        try await Self.restore(results)
        try Self.write("old", to: "\(results)/results.csv")
        try FileManager.default.removeItem(atPath: "\(results)/trials.jsonl")
        let report = try await BenchProcess.run(["report", results])
        #expect(report.status == 2)
        #expect(report.errors.contains("'\(results)' has no trials yet; 'bench run --resume"), "\(report.errors)")
        #expect(try Self.text("\(results)/results.csv") == "old")
    }

    @Test("trials whose environment is unknown are not mixed with others")
    func unknownEnvironment() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        try await Self.restore(results, trials: 3)
        try Self.write("", to: "\(results)/environment.json")
        let bench = try await BenchProcess.run(["run", "--resume", results])
        #expect(bench.status == 2)
        #expect(bench.errors == "bench: '\(results)/environment.json' is missing or damaged\n")
    }

    @Test("a run of two builds is not resumed once the other build has changed")
    func changedBuild() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        let other = "\(directory.path)/bench"
        try FileManager.default.copyItem(atPath: try BenchProcess.executable.string, toPath: other)
        let arguments = ["run", "ping-pong", "--quick", "--set", "messages=100", "--backends", "epoll"]
        let run = try await BenchProcess.run(
            arguments + ["--switching", "soft", "--rounds", "1", "--against", other, "--output", results]
        )
        try #require(run.status == 0, "\(run.errors)")
        try Self.edit("\(results)/run.json") { $0.replacing("\"isComplete\" : true", with: "\"isComplete\" : false") }
        #expect(try await BenchProcess.run(["run", "--resume", results]).status == 0)
        try Self.edit("\(results)/run.json") { $0.replacing("\"isComplete\" : true", with: "\"isComplete\" : false") }
        try FileManager.default.removeItem(atPath: other)
        let resumed = try await BenchProcess.run(["run", "--resume", results])
        #expect(resumed.status == 2)
        #expect(resumed.errors.contains("has changed since the run began"), "\(resumed.errors)")
    }

    @Test("a report that is written again is the same, to the byte")
    func rewritten() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        try await Self.restore(results)
        let bench = try await BenchProcess.run(["report", results])
        #expect(bench.status == 0, "\(bench.errors)")
        #expect(bench.output.contains("\nload  "))
        for name in ["results.csv", "samples.csv", "report.md", "report.html", "results.json", "benchmarks.txt"] {
            #expect(try await Self.text("\(results)/\(name)") == Self.complete.value[name], "\(name)")
        }
    }

    @Test(
        "files that cannot be read are refused in one sentence",
        arguments: [
            ("run.json", "\"version\" : 2", "\"version\" : 1", "and this build reads version 2"),
            ("run.json", "\"baseline\"", "\"bassline\"", "run.json' is damaged"),
            ("run.json", "{", "", "run.json' is damaged"),
            ("trials.jsonl", "\n{", "\n", "line 2 of '"),
        ]
    )
    func damaged(name: String, old: String, new: String, sentence: String) async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        try await Self.restore(results)
        try Self.edit("\(results)/\(name)") { $0.replacing(old, with: new, maxReplacements: 1) }
        for command in [["report", results], ["run", "--resume", results]] {
            let bench = try await BenchProcess.run(command)
            #expect(bench.status == 2)
            #expect(bench.errors.contains(sentence), "\(bench.errors)")
            #expect(bench.errors.split(separator: "\n").count == 1)
        }
    }

    @Test("another build's run, a directory without a run, and other arguments are refused")
    func refused() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        try await Self.restore(results, trials: 3)
        let mistakes: [([String], String)] = [
            (["run", "--resume", directory.path], "is no results directory of 'bench run': it has no file run.json"),
            (["report", "\(directory.path)/none"], "is no results directory"),
            (["run", "yield", "--resume", results], "'yield' cannot be combined with --resume"),
            (["run", "--quick", "--resume", results], "--quick cannot be combined with --resume"),
            (["run", "--load", "hog", "--resume", results], "--load cannot be combined with --resume"),
            (["run", "--no-plots", "--resume", results], "--no-plots cannot be combined with --resume"),
            (["run", "--trace", "--resume", results], "--trace cannot be combined with --resume"),
        ]
        for (arguments, sentence) in mistakes {
            let bench = try await BenchProcess.run(arguments)
            #expect(bench.status == 2)
            #expect(bench.errors.contains(sentence), "\(bench.errors)")
        }
        try Self.edit("\(results)/environment.json") { $0.replacing("\"commit\" : \"", with: "\"commit\" : \"0") }
        let bench = try await BenchProcess.run(["run", "--resume", results])
        #expect(bench.status == 2)
        #expect(bench.errors.contains("cannot be resumed here: its commit is 0"), "\(bench.errors)")
    }
}
