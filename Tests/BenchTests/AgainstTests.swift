// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Testing

@Suite("Two builds in one run", .tags(.slow))
struct AgainstTests {
    private func run(_ arguments: [String], in directory: borrowing TemporaryDirectory) async throws -> BenchProcess {
        try await BenchProcess.run(
            ["run", "ping-pong", "--quick", "--set", "messages=100", "--switching", "soft"] + arguments
                + ["--output", "\(directory.path)/results"]
        )
    }

    /// The rows of the primary metric, by column.
    private func rows(_ directory: borrowing TemporaryDirectory) throws -> [[String: String]] {
        let lines = try directory.text("results/results.csv").split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
            .filter { $0["metric"] == "round-trip" }
    }

    @Test("every cell has a row for each build, and this build's has the ratio to the other's")
    func bothBuilds() async throws {
        let directory = try TemporaryDirectory()
        let other = try BenchProcess.executable.string
        let bench = try await run(
            ["--backends", "round-robin,epoll", "--rounds", "3", "--against", other],
            in: directory
        )
        #expect(bench.status == 0, "\(bench.errors)")
        let rows = try rows(directory)
        #expect(
            rows.map { "\($0["backend"] ?? "") \($0["build"] == other)" } == [
                "round-robin true", "round-robin false", "epoll true", "epoll false",
            ]
        )
        #expect(rows.map { $0["ratio"]?.isEmpty } == [true, false, true, false])
        #expect(rows.allSatisfy { $0["rounds"] == "3" })
        // The table has a column for each, and a row per cell.
        #expect(bench.output.contains(/\n  scheduler +other +this +ratio/))
        #expect(bench.output.contains("\n  round-robin  ") && bench.output.contains("\n  epoll  "))
        #expect(try directory.text("results/report.md").contains("Two builds take turns: this one, and as its"))
    }

    @Test("a cost that is planted into this build is found, and belongs to it alone")
    func planted() async throws {
        let directory = try TemporaryDirectory()
        let other = try BenchProcess.executable.string
        let bench = try await run(
            ["--backends", "epoll", "--rounds", "8", "--against", other, "--planted", "900"],
            in: directory
        )
        #expect(bench.status == 0, "\(bench.errors)")
        #expect(bench.output.contains("this build is worse"), "\(bench.output)")
        // Of 10, as far as a debug build on a busy machine goes.
        #expect(try #require(Double(rows(directory).last?["ratio"] ?? "")) > 4, "\(bench.output)")
    }

    @Test(
        "what is no other build is refused in one sentence",
        arguments: [
            (["--against", "no-such-revision"], "'no-such-revision' is neither a build of bench nor a revision"),
            (["--against", "--all"], "'--all' is neither a build of bench nor a revision"),
            (["--against", "/bin/true"], "'/bin/true', which --against names, is no build of bench"),
            (["--against", "/tmp"], "'/tmp', which --against names, is no program"),
            (["--against", "HEAD", "--baseline", "epoll"], "--baseline cannot be combined with --against"),
            (["--planted", "3"], "--planted needs --against"),
            (["--against", "/bin/true", "--planted", "much"], "invalid value 'much' for --planted: expected"),
        ]
    )
    func refused(arguments: [String], sentence: String) async throws {
        let directory = try TemporaryDirectory()
        let bench = try await run(arguments, in: directory)
        #expect(bench.status == 2)
        #expect(bench.errors.contains(sentence), "\(bench.errors)")
        #expect(bench.errors.split(separator: "\n").count == 1)
    }
}
