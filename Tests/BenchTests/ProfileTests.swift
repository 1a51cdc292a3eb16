// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Backends
import FoundationEssentials
import Harness
import Measurement
import Profiling
import Reports
import Subprocess
import Tasklets
import Testing

@testable import Commands

@Suite("Profiles", .tags(.slow))
struct ProfileTests {
    private static var isPossible: Bool { (try? CPUProfiler.require()) != nil && (try? Symbolizer()) != nil }

    /// Every backend, and every switching.
    private static let strategies = [
        ("epoll", "soft"), ("epoll", "hard"), ("epoll", "continuation"), ("round-robin", "soft"), ("nio", "hard"),
        ("dispatch", "soft"), ("dispatch", "continuation"), ("thread-per-task", "kernel"),
        ("swift-concurrency", "continuation"),
    ]

    @Test(
        "a profile is consistent, writes its files, and attributes functions to their own tasklets",
        .enabled(if: isPossible, "gperftools or llvm-symbolizer is missing"),
        arguments: strategies
    )
    func complete(backend: String, switching: String) async throws {
        let directory = try TemporaryDirectory()
        // Under Dispatch, a tasklet has about one of a hundred samples: five in a second.
        let seconds = backend == "dispatch" ? 4 : 1
        let bench = try await BenchProcess.run([
            "profile", "ping-pong", "--backend", backend, "--switching", switching, "--duration", "\(seconds)",
            "--output", "\(directory.path)/results",
        ])
        #expect(bench.status == 0, "\(bench.errors)")
        #expect(bench.output.contains("all have a note with the same stack"), "\(bench.output)")
        let name = "ping-pong.\(backend)-\(switching)"
        for kind in ["1.prof", "html", "svg", "speedscope.json", "md"] {
            #expect(FileManager.default.fileExists(atPath: "\(directory.path)/results/profiles/\(name).\(kind)"))
        }
        let stacks = try FoldedStacks.stacks(directory.text("results/profiles/\(name).folded"))
        #expect(stacks.allSatisfy { $0.frames.starts(with: [backend, "ping-pong"]) })
        // On a busy machine there are fewer.
        let isLong = stacks.reduce(0) { $0 + $1.count } >= Double(seconds) * 500_000_000
        for (tasklet, foreign) in [("main", "returnIncremented("), ("peer", "play(")] {
            let own = stacks.filter { $0.frames[2] == tasklet }
            #expect(!own.isEmpty || !isLong)
            let time = own.reduce(0) { $0 + $1.count }
            // The swap of stacks itself is on the one or the other: the note of the current tasklet comes before it.
            let beside = own.filter { !($0.frames.last ?? "").hasPrefix("sw_") }
            let wrong = beside.filter { $0.frames.contains { $0.hasPrefix(foreign) } }.reduce(0) { $0 + $1.count }
            #expect(wrong <= 0.05 * time, "\(tasklet)")
        }
    }

    @Test(
        "a usage error prints one sentence",
        arguments: [
            ([], "bench profile needs a workload"), (["ping-pnog"], "did you mean 'ping-pong'?"),
            (["ping-pong", "--backend", "epoll,nio"], "takes one backend and one switching"),
            (["ping-pong", "--frequency", "0"], "invalid value '0' for --frequency"),
            (["ping-pong", "--duration", "ever"], "invalid value 'ever' for --duration"),
            (["ping-pong", "--set", "nodes=1"], "nodes"),
            (["ping-pong", "--set", "messages=1,2"], "invalid value 'messages=1,2' for --set: expected one value"),
            (["ping-pong", "--self-test"], "'ping-pong' cannot be combined with --self-test"),
            (["ping-pong", "--diff", "epoll"], "invalid value 'epoll' for --diff: expected two values A B"),
            (["ping-pong", "--diff", "epoll", "niu"], "unknown backend 'niu'"),
            (["ping-pong", "--diff", "epoll/soft", "dispatch/hard"], "'hard' is not supported"),
            (["ping-pong", "--diff", "soft,hard", "epoll"], "takes one backend and one switching"),
            (["ping-pong", "--diff", "epoll/", "nio"], "invalid value 'epoll/' for --diff"),
            (["ping-pong", "--diff", "", "nio"], "invalid value '' for --diff"),
            (["ping-pong", "--diff", "a/b/c", "nio"], "invalid value 'a/b/c' for --diff"),
            (["--diff", "epoll", "ping-pong"], "invalid value 'epoll' for --diff: expected two values"),
            (["--self-test", "--diff", "soft", "hard"], "--diff cannot be combined with --self-test"),
            (["--self-test", "--output", "x"], "--output cannot be combined with --self-test"),
        ]
    )
    func mistakes(arguments: [String], sentence: String) async throws {
        let bench = try await BenchProcess.run(["profile"] + arguments)
        #expect(bench.status == 2)
        #expect(bench.errors.contains(sentence), "\(bench.errors)")
        #expect(bench.errors.split(separator: "\n").count == 1)
    }

    @Test("a trial that fails under the profiler says why", .enabled(if: isPossible, "gperftools is missing"))
    func failure() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await BenchProcess.run(
            ["profile", "fault-throw", "--duration", "1", "--output", "\(directory.path)/results"]
        )
        #expect(bench.status == 1)
        #expect(bench.errors.contains("the profile failed: thrown on purpose"), "\(bench.errors)")
    }

    @Test("an interrupted profile says so, and exits with 130", .enabled(if: isPossible, "gperftools is missing"))
    func interrupted() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        let bench = try await BenchProcess.run(
            ["profile", "yield", "--duration", "600", "--output", results],
            interruptWhen: { FileManager.default.fileExists(atPath: "\(results)/profiles") }
        )
        #expect(bench.status == 130)
        // On a busy machine a round may have completed, and is reported.
        #expect(bench.errors.contains("interrupted"), "\(bench.errors)")
    }

    @Test(
        "the sides of a comparison",
        arguments: [
            (["nio", "epoll"], ["nio/soft", "epoll/soft"]),
            (["soft", "hard"], ["epoll/soft", "epoll/hard"]),
            (["soft", "hard", "--backend", "nio"], ["nio/soft", "nio/hard"]),
            (["nio", "epoll", "--switching", "hard"], ["nio/hard", "epoll/hard"]),
            (["epoll/continuation", "thread-per-task"], ["epoll/continuation", "thread-per-task/kernel"]),
            (["epoll", "epoll"], ["epoll/soft", "epoll/soft"]),
        ]
    )
    func sides(arguments: [String], expected: [String]) throws {
        let command = try ProfileCommand.parse(["ping-pong", "--diff"] + arguments)
        let request = try ProfileRequest(command, allowedCPUs: .allowed())
        #expect(request.cells.map(\.schedulerName) == expected)
    }

    @Test("the workload may follow the two sides of a comparison")
    func workloadBehind() throws {
        let command = try ProfileCommand.parse(["--diff", "nio", "epoll", "yield"])
        let request = try ProfileRequest(command, allowedCPUs: .allowed())
        #expect(request.cells.map(\.workload) == ["yield", "yield"])
    }

    @Test(
        "a comparison shows the difference, and writes the files of both sides and of the difference",
        .enabled(if: isPossible, "gperftools or llvm-symbolizer is missing")
    )
    func difference() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await BenchProcess.run([
            "profile", "ping-pong", "--diff", "round-robin", "thread-per-task", "--set", "messages=2000", "--duration",
            "1", "--output", "\(directory.path)/results",
        ])
        #expect(bench.status == 0, "\(bench.errors)")
        #expect(
            bench.output.contains("slower per operation than round-robin/soft** in processor time"),
            "\(bench.output)"
        )
        #expect(bench.output.contains("unexplained"))
        let names = [
            "ping-pong.round-robin-soft.folded", "ping-pong.thread-per-task-kernel.folded",
            "ping-pong.thread-per-task-kernel-against-round-robin-soft.html",
            "ping-pong.thread-per-task-kernel-against-round-robin-soft.svg",
            "ping-pong.thread-per-task-kernel-against-round-robin-soft.md",
        ]
        for name in names { #expect(!(try directory.text("results/profiles/\(name)").isEmpty), "\(name)") }
    }

    @Test(
        "a run takes profiles after its measurements, and its report links them",
        .enabled(if: isPossible, "gperftools or llvm-symbolizer is missing")
    )
    func afterRun() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await BenchProcess.run([
            "run", "ping-pong", "fan-out-http", "fault-throw", "--quick", "--profile", "--rounds", "1", "--backends",
            "epoll", "--switching", "soft", "--output", "\(directory.path)/results",
        ])
        #expect(bench.status == 1, "\(bench.errors)")
        let report = try directory.text("results/report.md")
        for workload in ["ping-pong", "fan-out-http"] {
            #expect(report.contains("[page](profiles/\(workload).epoll-soft.html)"), "\(report)")
            #expect(!(try directory.text("results/profiles/\(workload).epoll-soft.html").isEmpty))
        }
        #expect(!report.contains("is wrong or unknown"))
        #expect(!report.contains("profiles/fault-throw"))
        // Of each cell a process, and a counting trial of the two that succeeded.
        #expect(try directory.text("results/trials.jsonl").split(separator: "\n").count == 5)
    }

    @Test("the self-test finds the known shares", .enabled(if: isPossible, "gperftools is missing"))
    func selfTest() async throws {
        let bench = try await BenchProcess.run(["profile", "--self-test", "--backend", "epoll", "--duration", "2"])
        let rows = bench.output.split(separator: "\n").filter { $0.hasPrefix("| epoll/soft") }
        #expect(rows.count == 2, "\(bench.output) \(bench.errors)")
        for row in rows {
            let cells = row.split(separator: "|").map { $0.filter { $0 != " " } }
            // With so few samples the error is several points; mistaking tasklets for each other makes it more than 20.
            #expect(try #require(Double(cells[6])) < 20, "\(row)")
        }
    }

    @Test("without gperftools everything else works, and profiling says what to install before anything runs")
    func missing() async throws {
        let directory = try TemporaryDirectory()
        // Found before the machine's own library, and not a library.
        #expect(FileManager.default.createFile(atPath: "\(directory.path)/libprofiler.so.0", contents: nil))
        let hidden: [Environment.Key: String?] = ["LD_LIBRARY_PATH": directory.path]
        let results = "\(directory.path)/results"
        for command in [["profile", "yield"], ["run", "yield", "--quick", "--profile"], ["profile", "--self-test"]] {
            let output = command.contains("--self-test") ? [] : ["--output", results]
            let bench = try await BenchProcess.run(command + output, environment: hidden)
            #expect(bench.status == 1)
            #expect(bench.errors.contains("install the package libgoogle-perftools-dev"), "\(bench.errors)")
            #expect(bench.errors.split(separator: "\n").count == 1)
            #expect(!FileManager.default.fileExists(atPath: results))
        }
        let run = try await BenchProcess.run(
            ["run", "yield", "--quick", "--rounds", "1", "--backends", "epoll", "--output", results],
            environment: hidden
        )
        #expect(run.status == 0, "\(run.errors)")
        let list = try await BenchProcess.run(["list"], environment: hidden)
        #expect(list.status == 0)
    }
}
