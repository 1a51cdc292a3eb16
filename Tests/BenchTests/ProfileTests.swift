// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Profiling
import Reports
import Testing

@testable import bench

@Suite("Profiles", .tags(.slow))
struct ProfileTests {
    private static var isPossible: Bool { (try? CPUProfiler.require()) != nil && (try? Symbolizer()) != nil }

    @Test(
        "a profile names tasklets, is consistent, and leaves its files",
        .enabled(if: isPossible, "gperftools or llvm-symbolizer is missing")
    )
    func complete() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await BenchProcess.run(
            [
                "profile", "known-shares", "--backend", "epoll", "--duration", "1", "--output",
                "\(directory.path)/results",
            ]
        )
        #expect(bench.status == 0, "\(bench.errors)")
        #expect(bench.output.contains("| works 8 of 15 |"), "\(bench.output)")
        #expect(bench.output.contains("a note with the same stack"), "\(bench.output)")
        #expect(bench.output.contains("## Conservation"))
        for kind in ["folded", "html", "svg", "speedscope.json", "md"] {
            #expect(!(try directory.text("results/profiles/known-shares.epoll-soft.\(kind)").isEmpty), "\(kind)")
        }
        let folded = try directory.text("results/profiles/known-shares.epoll-soft.folded")
        #expect(folded.contains("epoll;known-shares;works 8 of 15;user;"))
    }

    @Test(
        "what cannot be profiled is said in one sentence",
        arguments: [
            ([], "bench profile needs a workload"), (["ping-pnog"], "did you mean 'ping-pong'?"),
            (["ping-pong", "--backend", "epoll,nio"], "takes one backend and one switching"),
            (["ping-pong", "--frequency", "0"], "'0' is not allowed for --frequency"),
            (["ping-pong", "--duration", "ever"], "'ever' is not allowed for --duration"),
            (["ping-pong", "--set", "nodes=1"], "nodes"),
            (["ping-pong", "--self-test"], "'ping-pong' is not allowed beside --self-test"),
            (["--self-test", "--output", "x"], "--output is not allowed beside --self-test"),
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
        #expect(bench.errors.contains("the profile was given up: thrown on purpose"), "\(bench.errors)")
    }

    @Test("an interrupted profile says so, and exits with 130", .enabled(if: isPossible, "gperftools is missing"))
    func interrupted() async throws {
        let directory = try TemporaryDirectory()
        let results = "\(directory.path)/results"
        let bench = try await BenchProcess.run(
            ["profile", "yield", "--duration", "600", "--output", results],
            interruptWhen: { FileManager.default.fileExists(atPath: "\(results)/profiles/yield.epoll-soft.1.prof") }
        )
        #expect(bench.status == 130)
        #expect(bench.errors.contains("the profile was interrupted"), "\(bench.errors)")
    }

    @Test("where gperftools is missing, the package is named")
    func missing() {
        let error = ProfilerError.missing("libprofiler.so.0: cannot open shared object file")
        #expect("\(error)".contains("libgoogle-perftools-dev"))
    }
}
