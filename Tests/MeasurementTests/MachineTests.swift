// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite("Machine")
struct MachineTests {
    @Test("the value after a key is found, and only after that key")
    func keyedValues() {
        let text = "model\t: 49\nmodel name\t: Some CPU @ 2.00GHz\nflags\t\t: fpu vme\n"
        #expect(ProcFile.value(of: "model name", in: text) == "Some CPU @ 2.00GHz")
        #expect(ProcFile.value(of: "model", in: text) == "49")
        #expect(ProcFile.value(of: "cache", in: text) == nil)
    }

    @Test("a file that does not exist has no text")
    func missingFile() {
        #expect(ProcFile.text(of: "/proc/no-such-file") == nil)
        #expect(ProcFile.line(of: "/proc/no-such-file") == nil)
    }

    @Test("the clock does not go backwards")
    func clock() {
        let readings = (0..<1_000).map { _ in MonotonicClock.now() }
        #expect(readings == readings.sorted())
    }

    // In processes of their own, where nobody else takes memory or gives it back.

    @Test("memory that is touched shows in the resident set")
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

    @Test("processor time and page faults are accounted")
    func usage() async {
        await #expect(processExitsWith: .success) {
            let before = ProcessUsage.now()
            let block = [UInt8](repeating: 1, count: 8 << 20)
            let used = ProcessUsage.now() - before
            #expect(used.minorFaults > 0 || block.isEmpty)
        }
    }

    @Test("the record of the machine leaves nothing empty")
    func environment() {
        let record = EnvironmentRecord.record(date: "d", swift: "s", build: "b", commit: "c")
        let facts = [
            record.host, record.cpuModel, record.cpus, record.architecture, record.kernel, record.virtualization,
            record.governor, record.clockSource, record.loadBefore,
        ]
        #expect(facts.allSatisfy { !$0.isEmpty })
        #expect(record.memory > 0)
    }

    @Test("every primitive of one thread has a positive cost")
    func probes() {
        for item in Probes.all() {
            #expect((item.nanoseconds ?? 1) > 0, "\(item.name)")
        }
    }

    @Test("two threads can hand over to each other on one core")
    func handOver() throws {
        let cpu = try #require(CPUSet.allowed().numbers.first)
        #expect(try #require(HandOver.roundTrip(partnerCPU: cpu)) > 0)
    }
}
