// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Harness
import Measurement
import Reports
import Testing

@testable import Commands

/// Peers that are shell scripts, each with one way to go wrong.
@Suite struct `Peers` {
    private static let right = #"echo "{\"nanoseconds\":$((n * 100000)),\"answer\":50}""#

    private static func run(_ peer: String, in directory: borrowing TemporaryDirectory, _ more: [String] = [])
        async throws -> BenchProcess
    {
        try await BenchProcess.run(
            [
                "run", "ping-pong", "--quick", "--set", "messages=50", "--backends", "epoll", "--switching", "soft",
                "--rounds", "2", "--peers", peer, "--output", "\(directory.path)/results",
            ] + more
        )
    }

    @Test func `Take turns with the schedulers, and have rows like them`() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await Self.run(
            try PeerFixture(in: directory, program: PeerFixture.shell(answer: Self.right)).path,
            in: directory
        )
        #expect(bench.status == 0, "\(bench.errors)")
        let own = try PeerFixture.rows(directory).filter { $0.backend == "peer:fake" }
        #expect(own.map(\.metric) == ["round-trip", "throughput", "peak-memory"])
        // 100 µs for 50 operations.
        #expect(own.first?.median == "2000" && own.first?.switching == "native")
        #expect(bench.output.contains("Against fake:"))
    }

    @Test func `Say in the results what their README calls not equal`() async throws {
        let directory = try TemporaryDirectory()
        let peer = try PeerFixture(in: directory, program: PeerFixture.shell(answer: Self.right)).path
        try Data("# Fake\n\nNot equal:\n\n- It does\n  nothing.\n".utf8).write(to: URL(filePath: "\(peer)/README.md"))
        let bench = try await Self.run(peer, in: directory)
        #expect(bench.status == 0, "\(bench.errors)")
        #expect(try directory.text("results/report.md").contains("**fake: 1**\n\n- It does nothing.\n"))
        #expect(try directory.text("results/run.json").contains("It does nothing."))
    }

    @Test(
        "cost their rows and a sentence where they go wrong, and nothing else",
        arguments: [
            (#"echo '{"nanoseconds":1000,"answer":49}'"#, "the peer returned 49 instead of 50"),
            ("echo nonsense", "the peer answered 'nonsense', which is no answer of the protocol"),
            (#"echo '{"answer":50}'"#, "the peer answered without an answer and a time"),
            (#"echo '{"error":"no luck"}'"#, "the peer failed: no luck"),
            ("exit 7", "the peer ended early: it ended with exit status 7"),
            ("kill -SEGV $$", "the peer ended early: it was killed by signal 11"),
            ("while :; do :; done", "killed after its time limit of 3 s"),
        ]
    )
    func wrong(answer: String, sentence: String) async throws {
        let directory = try TemporaryDirectory()
        let peer = try PeerFixture(in: directory, program: PeerFixture.shell(answer: answer)).path
        let bench = try await Self.run(peer, in: directory, ["--time-limit", "3"])
        #expect(bench.status == 1, "\(bench.errors)")
        #expect(try directory.text("results/report.md").contains(sentence))
        let rows = try PeerFixture.rows(directory)
        #expect(rows.filter { $0.backend == "peer:fake" }.map(\.status) == ["failed"])
        #expect(rows.contains { $0.backend == "epoll" && $0.metric == "round-trip" && !$0.median.isEmpty })
    }

    @Test(
        "are refused in one sentence where they cannot be built, or do not announce themselves",
        arguments: [
            ("echo 'a compiler is missing: install gcc' >&2; exit 3", "", "cannot be built: a compiler is missing"),
            (
                PeerFixture.copying, "nonsense",
                "does not announce itself as the protocol asks"
            ),
            (
                PeerFixture.copying,
                #"{"protocol":9,"name":"fake","version":"1","workloads":[]}"#,
                "speaks version 9 of the protocol, and this build version 1"
            ),
        ]
    )
    func unusable(build: String, announcement: String, sentence: String) async throws {
        let directory = try TemporaryDirectory()
        let peer = try PeerFixture(
            in: directory,
            program: PeerFixture.shell(answer: "", announcement: announcement),
            build: build
        ).path
        let bench = try await Self.run(peer, in: directory)
        #expect(bench.status == 2)
        #expect(bench.errors.contains(sentence), "\(bench.errors)")
        #expect(bench.errors.split(separator: "\n").count == 1)
    }

    @Test(.timeLimit(.minutes(1))) func `Leave no process behind when the run is interrupted`() async throws {
        let directory = try TemporaryDirectory()
        let processes = "\(directory.path)/processes"
        // Never answers.
        let program = PeerFixture.shell(answer: "echo $$ >>'\(processes)'; while :; do :; done")
        let peer = try PeerFixture(in: directory, program: program).path
        let bench = try await BenchProcess.run(
            ["run", "ping-pong", "--quick", "--backends", "epoll", "--peers", peer]
                + ["--output", "\(directory.path)/results"],
            interruptWhen: { FileManager.default.contents(atPath: processes)?.isEmpty == false }
        )
        #expect(bench.status == 130)
        let numbers = try directory.text("processes").split(separator: "\n").compactMap { Int32($0) }
        #expect(!numbers.isEmpty)
        // The kernel kills them when the process that started them has ended; the limit ends a wait for what it does not.
        for number in numbers { while kill(number, 0) == 0 { try await Task.sleep(for: .milliseconds(1)) } }
    }

    @Test func `End when their input does, or are killed, and keep their figures`() async throws {
        let directory = try TemporaryDirectory()
        let program = PeerFixture.shell(answer: Self.right) + "while :; do :; done\n"
        let bench = try await Self.run(try PeerFixture(in: directory, program: program).path, in: directory)
        #expect(bench.status == 0, "\(bench.errors)")
        let own = try PeerFixture.rows(directory).filter { $0.backend == "peer:fake" && $0.metric == "round-trip" }
        #expect(own.map(\.median) == ["2000"])
    }

    @Test func `Have a program 'build' that is executable`() async throws {
        let directory = try TemporaryDirectory()
        let peer = try PeerFixture(in: directory, program: "").path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(peer)/build")
        let bench = try await Self.run(peer, in: directory)
        #expect(bench.status == 2)
        #expect(bench.errors.contains("/build' is not executable: chmod +x makes it so"), "\(bench.errors)")
    }

    @Test func `Have to exist`() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await Self.run("nonesuch", in: directory)
        #expect(bench.status == 2)
        #expect(bench.errors.contains("unknown peer 'nonesuch'"))
    }

    @Test func `Without names stand for all`() {
        #expect(OptionalValues.filled(["run", "--peers"]) == ["run", "--peers", "all"])
        #expect(OptionalValues.filled(["--peers", "--quick"]) == ["--peers", "all", "--quick"])
        #expect(OptionalValues.filled(["--peers", "go,st", "x"]) == ["--peers", "go,st", "x"])
        #expect(OptionalValues.filled(["--peers=go"]) == ["--peers=go"])
    }
}
