// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Profiling
import Testing

@Suite("Traces", .tags(.slow))
struct TraceTests {
    @Test("a run traces after its measurements, and its report links the traces and what tasklets waited for")
    func afterRun() async throws {
        let directory = try TemporaryDirectory()
        let bench = try await BenchProcess.run([
            "run", "fan-out-http", "fault-throw", "--quick", "--trace", "--rounds", "1", "--backends", "epoll",
            "--switching", "soft", "--output", "\(directory.path)/results",
        ])
        // Of the workload that fails.
        #expect(bench.status == 1, "\(bench.errors)")
        let report = try directory.text("results/report.md")
        let name = "traces/fan-out-http.epoll-soft"
        #expect(report.contains("[file](\(name).trace.json)"), "\(report)")
        #expect(report.contains("[page](\(name).waits.html)"), "\(report)")
        #expect(!report.contains("traces/fault-throw"))
        let trace = try directory.text("results/\(name).trace.json")
        let file = try JSONDecoder().decode(TraceFile.self, from: Data(trace.utf8))
        #expect(Set(file.traceEvents.map(\.name)).isSuperset(of: ["get page", "connection", "wakes", "recv", "begin"]))
        let stacks = try FoldedStacks.stacks(directory.text("results/\(name).waits.folded"))
        #expect(stacks.contains { $0.frames == ["epoll", "fan-out-http", "get page", "socket", "read"] })
        let waits = try directory.text("results/\(name).waits.md")
        #expect(waits.contains("Runs and waits are all but 0.0 % of each tasklet's life; 0 events contradict others."))
        #expect(try directory.text("results/report.html").contains(#"id="traces""#))
    }

    private struct TraceFile: Decodable {
        struct Event: Decodable {
            let name: String
        }
        let traceEvents: [Event]
    }
}
