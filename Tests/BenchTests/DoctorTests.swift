// SPDX-License-Identifier: Apache-2.0

import Subprocess
import Testing

@Suite("bench doctor")
struct DoctorTests {
    @Test("every condition of this machine is on the page, whatever it is", .tags(.slow))
    func page() async throws {
        let bench = try await BenchProcess.run(["doctor"])
        #expect(bench.status == 0)
        #expect(bench.errors.isEmpty)
        let lines = bench.output.split(separator: "\n")
        for name in ["load average", "steal time", "two speeds", "timer slack", "hardware counters", "google-pprof"] {
            #expect(lines.contains { $0.contains(name) }, "\(name)")
        }
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(bench.output)")
        #expect(lines.last?.contains(/^22 conditions: ok [0-9]+, widens [0-9]+, lacks [0-9]+, unknown [0-9]+$/) == true)
    }

    @Test("a comparison with itself tells the smallest difference that this machine can show", .tags(.slow))
    func floor() async throws {
        let bench = try await BenchProcess.run(["doctor"])
        #expect(bench.output.contains("\nThis machine's floor\n  ping-pong on epoll, soft, with itself, "))
        #expect(bench.output.contains(/so many processes find a difference of [0-9.,]+ % in nine of ten cases/))
        let refused = try await BenchProcess.run(["doctor"], permitsTrials: false)
        #if DEBUG
            #expect(refused.output.contains("  not measured: this is a debug build"))
        #endif
        #expect(refused.status == 0)
    }

    @Test("a missing tool comes with the package to install", .tags(.slow))
    func lacking() async throws {
        let bench = try await BenchProcess.run(["doctor"], environment: ["PATH": "/nowhere"])
        #expect(bench.status == 0)
        #expect(bench.output.contains(/lacks +perf +missing/))
        #expect(bench.output.contains("linux-perf"))
    }

    @Test("the command is listed by the help")
    func help() async throws {
        #expect(try await BenchProcess.run(["--help"]).output.contains(/\n  doctor +Says whether/))
        #expect(try await BenchProcess.run(["doctor", "--help"]).output.contains("USAGE: bench doctor"))
    }
}
