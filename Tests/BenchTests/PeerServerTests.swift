// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

/// Peers that serve, sleep and compute, written in Python.
@Suite(.tags(.slow), .enabled(if: Python.isInstalled, "python3 is missing"))
struct `Peers with connections and deadlines` {
    /// A peer with a thread a connection.
    ///
    /// - Parameters:
    ///   - reply: an expression for what it sends back.
    ///   - finished: an expression for the number of hogs that have finished.
    private static func program(reply: String = "data", finished: String = "hogs") -> String {
        """
        #!/usr/bin/env python3
        import json, os, socket, sys, threading, time
        names = ["echo", "http-server", "hog", "timers", "ping-pong"]
        if sys.argv[1] == "announce":
            print(json.dumps({"protocol": 1, "name": "fake", "version": "1", "workloads": names, "parallel": True}))
            sys.exit()
        values = {name: int(value) for name, value in (text.split("=") for text in sys.argv[2:])}
        page = b"HTTP/1.1 200 OK\\r\\nContent-Length: 14\\r\\n\\r\\nHello, world!\\n"
        def serve(connection):
            while data := connection.recv(65536):
                if sys.argv[1] == "http-server":
                    data = page
                connection.sendall(\(reply))
        def accept(listener):
            while True:
                threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()
        def answer(line):
            if line == "listen":
                listener = socket.create_server(("127.0.0.1", 0), backlog=1000)
                threading.Thread(target=accept, args=[listener], daemon=True).start()
                return {"port": listener.getsockname()[1]}
            runs = int(line.split()[1])
            if sys.argv[1] == "hog":
                hogs = values["hogs"]
                time.sleep(values["work"] / 1000)
                return {"nanoseconds": values["work"] * 10**6, "answer": \(finished)}
            if sys.argv[1] == "timers":
                count = values["count"]
                late = [5000] * (count * runs)
                return {"nanoseconds": 10**6, "answer": count + values["cancelled"], "lateness": late, "arm-cancel": 77.5}
            cores = len(os.sched_getaffinity(0))
            return {"nanoseconds": 100000 * runs * cores, "answer": values["messages"]}
        for line in sys.stdin:
            print(json.dumps(answer(line.strip())), flush=True)

        """
    }

    private static func run(
        _ program: String,
        _ workload: String,
        _ settings: [String],
        in directory: borrowing TemporaryDirectory
    ) async throws -> BenchProcess {
        let peer = try PeerFixture(in: directory, program: program).path
        return try await BenchProcess.run(
            ["run", workload, "--quick", "--backends", "epoll", "--switching", "soft", "--rounds", "2"]
                + settings.flatMap { ["--set", $0] }
                + ["--peers", peer, "--time-limit", "10", "--output", "\(directory.path)/results"]
        )
    }

    private static func metrics(_ directory: borrowing TemporaryDirectory) throws -> Set<String> {
        Set(try PeerFixture.rows(directory).filter { $0.backend == "peer:fake" && !$0.median.isEmpty }.map(\.metric))
    }

    @Test(arguments: [
        ("echo", ["connections=4", "messages=5"], ["round-trip", "server-cpu-time", "latency-p50", "generator-busy"]),
        ("http-server", ["connections=2", "requests=20"], ["request", "server-cpu-time", "requests-per-second"]),
        ("hog", ["work=20", "connections=2", "messages=10"], ["latency-p50", "latency-uncorrected-p50"]),
        ("timers", ["count=20", "spread=5", "cancelled=50"], ["lateness-p50", "arm-cancel"]),
    ])
    func `Have the metrics of the schedulers`(workload: String, settings: [String], expected: [String]) async throws {
        let directory = try TemporaryDirectory()
        let bench = try await Self.run(Self.program(), workload, settings, in: directory)
        #expect(bench.status == 0, "\(bench.errors)")
        let metrics = try Self.metrics(directory)
        #expect(metrics.isSuperset(of: expected), "\(metrics.sorted())")
        #expect(metrics.contains("peak-memory"))
    }

    @Test func `Have the lateness and the cost of deadlines that they report`() async throws {
        let directory = try TemporaryDirectory()
        let settings = ["count=20", "spread=5", "cancelled=50"]
        let bench = try await Self.run(Self.program(), "timers", settings, in: directory)
        #expect(bench.status == 0, "\(bench.errors)")
        let own = try PeerFixture.rows(directory).filter { $0.backend == "peer:fake" }
        // As far as the histogram tells waits apart.
        #expect(
            own.first { $0.metric == "lateness-p50" }.flatMap { Double($0.median) }.map { abs($0 - 5_000) < 10 } == true
        )
        #expect(own.first { $0.metric == "arm-cancel" }?.median == "77.5")
    }

    @Test func `Run on two processors where their runtime uses them`() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await Self.run(Self.program(), "ping-pong", ["messages=50"], in: directory)
        #expect(bench.status == 0, "\(bench.errors)")
        let own = try PeerFixture.rows(directory).filter { $0.metric == "round-trip" && $0.backend.contains("fake") }
        #expect(own.map { "\($0.cpus.split(separator: "-").count): \($0.median)" } == ["1: 2000", "2: 4000"])
    }

    @Test(
        "cost their rows and a sentence where they serve wrongly",
        arguments: [
            (
                "data[::-1] if len(data) < 60 else data[:-1] + b'?'", "hogs", "echo",
                "served 0 right replies instead of 20"
            ),
            ("os._exit(9)", "hogs", "echo", "the peer ended early: it ended with exit status 9"),
            ("os.kill(os.getpid(), 9)", "hogs", "echo", "the peer ended early: it was killed by signal 9"),
            ("data", "0", "hog", "served 20 right replies instead of 21"),
            ("data if time.sleep(60) else data", "hogs", "echo", "killed after its time limit of 10 s"),
        ]
    )
    func wrong(reply: String, finished: String, workload: String, sentence: String) async throws {
        let directory = try TemporaryDirectory()
        let settings =
            workload == "hog" ? ["work=20", "connections=2", "messages=10"] : ["connections=4", "messages=5"]
        let bench = try await Self.run(
            Self.program(reply: reply, finished: finished),
            workload,
            settings,
            in: directory
        )
        #expect(bench.status == 1, "\(bench.errors)")
        #expect(try directory.text("results/report.md").contains(sentence), "\(bench.errors)")
        let rows = try PeerFixture.rows(directory)
        #expect(rows.filter { $0.backend == "peer:fake" }.map(\.status) == ["failed"])
        #expect(rows.contains { $0.backend == "epoll" && !$0.median.isEmpty })
    }
}

private enum Python {
    /// Whether it is where a peer's first line looks for it.
    static let isInstalled = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/python3")
    }
}
