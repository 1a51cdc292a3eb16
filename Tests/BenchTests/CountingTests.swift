// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import SystemPackage
import Testing

@Suite("Counting trials", .tags(.slow))
struct CountingTests {
    private func run(_ arguments: [String], in directory: borrowing TemporaryDirectory) async throws -> [TrialRecord] {
        let bench = try await BenchProcess.run(arguments + ["--rounds", "1", "--output", "\(directory.path)/results"])
        #expect(bench.status == 0, "\(bench.errors)")
        return try directory.text("results/trials.jsonl").split(separator: "\n").map { line in
            try JSONText.value(TrialRecord.self, from: String(line))
        }
    }

    private func value(_ metric: Metric, _ record: TrialRecord) -> Double? {
        record.measures.first { $0.metric == metric }?.value
    }

    @Test("every cell has one, after all others, which counts and times nothing")
    func counted() async throws {
        let directory = try TemporaryDirectory()
        let records = try await run(["ping-pong", "--quick", "--set", "messages=100"], in: directory)
        let counted = records.counted
        #expect(counted.map(\.trial.cell) == records.suffix(counted.count).map(\.trial.cell))
        #expect(Set(counted.map(\.trial.cell)) == Set(records.measured.map(\.trial.cell)))
        for record in counted {
            #expect(record.turns.isEmpty && record.histograms.isEmpty && record.message == nil)
            #expect(try #require(value(.allocations, record)) >= 0)
            #expect(value(record.trial.cell.metric, record) == nil && value(.cpuTime, record) == nil)
            #expect(record.observed == records.measured.first { $0.trial.cell == record.trial.cell }?.observed)
        }
        // As with every metric, a row per cell.
        let rows = try directory.text("results/results.csv").split(separator: "\n")
        #expect(rows.count { $0.contains(",allocations,per-operation,info,1,") } == counted.count)
        #expect(rows.count { $0.contains(",round-trip,ns,lower,1,") } == counted.count)
    }

    @Test("the system calls of SwiftNIO are counted there, and those of other schedulers are not counted twice")
    func systemCalls() async throws {
        let directory = try TemporaryDirectory()
        let records = try await run(
            ["echo", "--quick", "--backends", "epoll,nio", "--switching", "soft"],
            in: directory
        )
        for record in records {
            let isOurs = (record.trial.cell.backend == "nio") == record.trial.isCounting
            #expect((value(.systemCalls, record) != nil) == isOurs, "\(record.trial)")
        }
        let nio = try #require(records.counted.first { $0.trial.cell.backend == "nio" })
        // The load generator's calls are not counted: of its socket only the send that starts it, once a run.
        #expect(value(.systemCalls("recv"), nio) == nil)
        #expect(try #require(value(.systemCalls("send"), nio)) * Double(nio.operations) <= 1.01)
        let (writes, reads) = (value(.systemCalls("write"), nio) ?? 0, value(.systemCalls("read"), nio) ?? 0)
        #expect(writes + (value(.systemCalls("writev"), nio) ?? 0) > 0.9, "\(nio.measures)")
        #expect(reads > 0.9, "\(nio.measures)")
        #expect(try #require(value(.systemCalls, nio)) < 20)
        #expect(try directory.text("results/report.md").contains("### By system call"))
    }

    @Test("a tasklet that is spawned allocates, and its memory is asked for")
    func allocations() async throws {
        let directory = try TemporaryDirectory()
        let records = try await run(
            ["spawn-join", "parked", "--quick", "--set", "count=100", "--backends", "round-robin"]
                + ["--switching", "soft"],
            in: directory
        )
        #expect(records.counted.count == 2)
        for record in records.counted {
            let allocations = try #require(value(.allocations, record))
            #expect((0.1...100).contains(allocations), "\(record)")
            #expect(try #require(value(.allocatedBytes, record)) >= allocations)
        }
    }

    @Test("the other build of a run of two has none")
    func otherBuild() async throws {
        let directory = try TemporaryDirectory()
        let other = try BenchProcess.executable.string
        let records = try await run(
            ["ping-pong", "--quick", "--set", "messages=100", "--backends", "epoll", "--switching", "soft"]
                + ["--against", other],
            in: directory
        )
        #expect(records.measured.count == 2)
        #expect(records.counted.map(\.trial.cell.build) == [nil])
    }
}
