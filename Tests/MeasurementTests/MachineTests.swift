// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite("Machine")
struct MachineTests {
    @Test("the value of exactly the given key is found")
    func keyedValues() {
        let text = "model\t: 49\nmodel name\t: Some CPU @ 2.00GHz\nflags\t\t: fpu vme\n"
        #expect(ProcFile.value(of: "model name", in: text) == "Some CPU @ 2.00GHz")
        #expect(ProcFile.value(of: "model", in: text) == "49")
        #expect(ProcFile.value(of: "cache", in: text) == nil)
    }

    @Test("a missing file has no text")
    func missingFile() {
        #expect(ProcFile.text(of: "/proc/no-such-file") == nil)
        #expect(ProcFile.line(of: "/proc/no-such-file") == nil)
    }

    @Test("the clock does not go backwards")
    func clock() {
        let readings = (0..<1_000).map { _ in MonotonicClock.now() }
        #expect(readings == readings.sorted())
    }

    // In separate processes, where no other test allocates or frees memory.

    @Test("touched memory shows in the resident set")
    func residentMemory() async {
        await #expect(processExitsWith: .success) {
            let before = try #require(ProcessMemory.resident())
            let block = [UInt8](repeating: 1, count: 32 << 20)
            let after = try #require(ProcessMemory.resident())
            #expect(after > before + 24 << 20)
            #expect(block[block.count / 2] == 1)
            #expect(try #require(ProcessMemory.peakResident()) >= after - 1 << 20)
        }
    }

    @Test("page faults are accounted")
    func usage() async {
        await #expect(processExitsWith: .success) {
            let before = ProcessUsage.now()
            let block = [UInt8](repeating: 1, count: 8 << 20)
            let used = ProcessUsage.now() - before
            #expect(used.minorFaults > 0 || block.isEmpty)
        }
    }

    @Test("the environment record has no empty fields")
    func environment() {
        let record = EnvironmentRecord.record(date: "d", swift: "s", build: "b", commit: "c", dependencies: [:])
        let facts = [
            record.host, record.cpuModel, record.cpus, record.architecture, record.kernel, record.virtualization,
            record.governor, record.clockSource, record.loadBefore,
        ]
        #expect(facts.allSatisfy { !$0.isEmpty })
        #expect(record.memory > 0)
    }

    @Test("every single-threaded primitive has a positive cost")
    func probes() {
        for item in Probes.all() {
            #expect((item.nanoseconds ?? 1) > 0, "\(item.name)")
        }
    }

    @Test("two threads can wake each other on one core")
    func wakeUp() throws {
        let cpu = try #require(CPUSet.allowed().numbers.first)
        #expect(try #require(WakeUpProbe.roundTrip(partnerCPU: cpu)) > 0)
    }
}
