// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite("Observation of this machine")
struct ObservationTests {
    @Test("every condition has its place, a value unless it is unknown, and one sentence of advice unless it is fine")
    func observation() {
        let conditions = Conditions.observe(hasProfiler: false)
        #expect(
            conditions.map(\.name) == [
                "load average", "CPU pressure", "steal time", "other processes", "run-queue wait", "two speeds",
                "allowed CPUs", "SMT siblings", "frequency governor", "frequency boost", "virtualization",
                "clock source", "CPU quota", "timer slack", "address layout", "huge pages", "open files", "threads",
                "hardware counters", "perf", "libprofiler.so", "google-pprof",
            ]
        )
        for condition in conditions {
            #expect((condition.value == nil) == (condition.verdict == .unknown), "\(condition)")
            #expect((condition.advice == nil) == (condition.verdict == .fine), "\(condition)")
            #expect(condition.advice?.hasSuffix(".") != false, "\(condition)")
        }
        #expect(conditions.first { $0.name == "libprofiler.so" }?.verdict == .lacks)
    }

    @Test("an observation leaves the thread on all its processors")
    func affinity() {
        let before = CPUSet.allowed()
        _ = SpinObservation.make()
        #expect(CPUSet.allowed() == before)
    }

    @Test("the yardstick takes a while, as often as there is time for it")
    func yardstick() {
        let samples = SpeedYardstick.samples(for: 5_000_000)
        #expect(!samples.isEmpty)
        #expect(samples.allSatisfy { $0 > 0 })
        #expect(SpeedYardstick.samples(for: 0).isEmpty)
    }

    @Test("the threads of this process are known by their numbers")
    func threads() {
        #expect(!ProcFile.names(in: "/proc/self/task").isEmpty)
        #expect(!ProcFile.names(in: "/proc/self/task").contains("."))
        #expect(ProcFile.names(in: "/proc/no-such-folder").isEmpty)
    }
}
