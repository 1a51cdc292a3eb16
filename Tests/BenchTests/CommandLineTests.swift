// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

@Suite("Command line")
struct CommandLineTests {
    @Test(
        "a usage error prints one sentence and exits with 2",
        .tags(.slow),
        arguments: [
            ["no-such-workload"], ["--backends", "epol"], ["--switching", "hart"], ["--set", "messages=0"],
            ["--set", "messages=-5"], ["--set", "messages=ten"], ["--set", "nothing=1"], ["--rounds", "0"],
            ["--cpus", "99"], ["--cpus", ","], ["--time-limit", "-1"], ["--baseline", "nothing"], ["--frobnicate"],
            ["--rounds"], ["list", "--format", "xml"], ["list", "surplus"], ["--output", "/proc/nothing/here"],
            ["--output", ""], ["run", "--seed", "1.5"], ["trial", "no JSON"], ["calibrate", "x"],
            ["trial", "{}"], ["calibrate", "99999"], ["calibrate", "0", "99999"], ["--backends", ","],
            ["doctor", "surplus"], ["doctor", "--frobnicate"],
        ]
    )
    func mistakes(arguments: [String]) async throws {
        let bench = try await BenchProcess.run(arguments)
        #expect(bench.status == 2)
        #expect(bench.output.isEmpty)
        #expect(bench.errors.hasPrefix("bench: "))
        #expect(bench.errors.split(separator: "\n").count == 1, "\(bench.errors)")
    }

    @Test(
        "a low limit on open files is reported before anything runs",
        .tags(.slow),
        arguments: ["run yield", "profile yield", "serve --port 0"]
    )
    func fewFiles(command: String) async throws {
        let outcome = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-c", "ulimit -n 20; exec \"$0\" \(command)", BenchProcess.executable.string],
            output: .string(limit: 65_536),
            error: .string(limit: 65_536)
        )
        #expect(outcome.terminationStatus == .exited(2))
        #expect(
            outcome.standardError
                == "bench: the limit of 20 open files is below the 64 that bench needs; see 'ulimit -n'\n"
        )
    }

    @Test("the catalogue lists workloads and backends, but no faults", arguments: ["text", "json"])
    func list(format: String) async throws {
        let bench = try await BenchProcess.run(["list", "--format", format])
        #expect(bench.status == 0)
        for name in [
            "ping-pong", "messages", "What messages between tasklets cost.", "parked", "round-robin", "thread-per-task",
            "continuation",
        ] {
            #expect(bench.output.contains(name), "\(name)")
        }
        #expect(!bench.output.contains("fault-"))
    }

    @Test("help exits with 0", arguments: [["--help"], ["run", "--help"], ["list", "-h"]])
    func help(arguments: [String]) async throws {
        let bench = try await BenchProcess.run(arguments)
        #expect(bench.status == 0)
        #expect(bench.output.contains("USAGE: bench"))
    }

    @Test(
        "the help of a subcommand shows its options, however it is requested",
        .tags(.slow),
        arguments: [
            (["run", "--help"], "--time-limit"), (["run", "-h"], "--time-limit"), (["help", "run"], "--time-limit"),
            (["run", "yield", "--help"], "--time-limit"), (["list", "--help"], "--format"),
            (["help", "list"], "--format"), (["--help"], "SUBCOMMANDS:"), (["help"], "SUBCOMMANDS:"),
        ]
    )
    func helpOfCommand(arguments: [String], expected: String) async throws {
        let bench = try await BenchProcess.run(arguments)
        #expect(bench.status == 0)
        #expect(bench.output.contains(expected), "\(bench.output)")
        #expect(bench.errors.isEmpty)
    }

    @Test("an output directory that cannot be created is named, with the system's reason")
    func outputRefused() async throws {
        let bench = try await BenchProcess.run(["yield", "--output", "/proc/x"])
        #expect(bench.status == 2)
        #expect(
            bench.errors == "bench: cannot create the output directory '/proc/x': No such file or directory\n"
        )
    }

    @Test("an output directory that is not empty is rejected, and not changed")
    func outputInUse() async throws {
        let directory = try TemporaryDirectory()
        let file = "\(directory.path)/precious"
        #expect(FileManager.default.createFile(atPath: file, contents: Data("kept".utf8)))
        let bench = try await BenchProcess.run(["yield", "--output", directory.path])
        #expect(bench.status == 2)
        #expect(bench.errors.contains("'\(directory.path)' is not empty"))
        #expect(try directory.text("precious") == "kept")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["precious"])
    }

    @Test(
        "the help of every option shows its default",
        .tags(.slow),
        arguments: ["run", "compare", "profile", "serve", "list"]
    )
    func defaults(command: String) async throws {
        let help = try await BenchProcess.run([command, "--help"]).output
        let options = try #require(help.components(separatedBy: "\nOPTIONS:\n").last)
        // An option with a value begins with its name; its help may continue on the next lines.
        let entries = options.components(separatedBy: "\n  --").filter {
            $0.split(separator: " ").dropFirst().first?.first == "<"
        }
        #expect(!entries.isEmpty)
        for entry in entries { #expect(entry.contains("(default:"), "\(entry)") }
    }

    #if DEBUG
        @Test("a debug build runs no trial, not even by the hidden subcommand")
        func debugTrial() async throws {
            let bench = try await BenchProcess.run(["trial", "{}"], permitsTrials: false)
            #expect(bench.status == 2)
            #expect(bench.errors == "bench: a debug build does not measure\n")
        }
    #endif
}
