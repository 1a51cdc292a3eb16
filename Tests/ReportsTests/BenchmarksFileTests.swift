// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

/// By the format's specification: key-value lines, and results of a name, a count and pairs of a value and a unit.
@Suite struct `benchmarks.txt` {
    private static var run: SyntheticRun {
        var run = SyntheticRun(rounds: 2)
        let parameters = ["messages": 100, "bytes": 64]
        run.add("ping-pong", "epoll soft", 50, scatter: 0, parameters: parameters)
        run.add("ping-pong", "dispatch soft ×2", 300, scatter: 0, parameters: parameters)
        run.add("http-server", "epoll soft", 7_000, scatter: 0, counts: [Measure(.serverTime, 5_000)])
        run.add("ring", "epoll soft", 0, status: .failed)
        return run
    }
    private static let lines = BenchmarksFile.text(run.report).split(separator: "\n").map(String.init)
    private static let results = lines.filter { $0.hasPrefix("Benchmark") }

    @Test func `Begins with what all results have in common`() {
        #expect(
            Self.lines.prefix(5) == [
                "goos: linux", "goarch: amd64", "pkg: switchyard", "cpu: Some CPU", "commit: abc1234",
            ]
        )
    }

    @Test func `Has a line for each process that succeeded, with its figures per operation`() {
        #expect(Self.results.count == 6)
        #expect(
            Self.results[0]
                == "BenchmarkPingPong/bytes=64/messages=100/workers=1/cpus=1/backend=epoll/switching=soft 1000 50 ns/op"
        )
        #expect(Self.results[1].contains("/workers=2/cpus=0-1/backend=dispatch/switching=soft "))
        #expect(Self.results[2].hasSuffix(" 1000 7000 ns/op 5000 server-cpu-time-ns/op"))
    }

    @Test func `Has no name that ends like a number of processors`() {
        for result in Self.results {
            let name = result.prefix { $0 != " " }
            #expect(name.firstMatch(of: /-[0-9]+$/) == nil)
            #expect(name.dropFirst("Benchmark".count).first?.isUppercase == true)
        }
    }
}

@Suite struct `The names of histogram files` {
    @Test func `Carry the parameters, the scheduler, the processors and what waited`() {
        var record = ReportFixture.record(ReportFixture.cell("epoll", cpus: "0-1"), 1, 30)
        var histogram = LatencyHistogram()
        histogram.record(1_000)
        record.histograms = ["latency": histogram]
        record.observed.workers = 2
        record.trial.cell = record.observed
        var other = record
        other.observed.build = "old"
        #expect(
            HistogramFiles.files([record, other]).map(\.name) == [
                "ping-pong_a-1_messages-100_epoll-2-workers_soft_cpus-0-1_latency.hgrm",
                "ping-pong_a-1_messages-100_epoll-2-workers_soft_cpus-0-1_latency_other-build.hgrm",
            ]
        )
    }
}
