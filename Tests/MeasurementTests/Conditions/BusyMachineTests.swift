// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite("What disturbed a run")
struct BusyMachineTests {
    /// A reading of a machine with two CPUs, in clock ticks of 10 ms.
    private static func reading(
        second: UInt64,
        busy: Double,
        idle: Double,
        stolen: Double = 0,
        own: UInt64 = 0,
        load: Double? = 0.1,
        pressure: Double? = 0
    ) -> BusyMachine.Reading {
        BusyMachine.Reading(
            time: second * 1_000_000_000,
            allowed: CPUSet([0, 1]),
            times: [
                0: CPUTimes(busy: busy, idle: idle, stolen: stolen),
                1: CPUTimes(busy: 0, idle: 100 * Double(second), stolen: 0),
            ],
            load: load,
            pressure: pressure,
            cpuTime: own
        )
    }

    private static let start = reading(second: 0, busy: 0, idle: 0)

    @Test("a quiet machine, on which only this process and its children run, is not mentioned")
    func quiet() {
        let end = Self.reading(second: 10, busy: 1_000, idle: 0, own: 9_950_000_000, load: 1.9, pressure: 0.7)
        #expect(BusyMachine.sentences(from: Self.start, to: end).isEmpty)
    }

    @Test("another process is mentioned with the CPUs that it kept busy")
    func others() {
        let end = Self.reading(second: 10, busy: 1_000, idle: 0, own: 1_000_000_000)
        #expect(
            BusyMachine.sentences(from: Self.start, to: end) == [
                "Other processes kept 0.9 of 2 CPUs busy during the run."
            ]
        )
    }

    @Test("stolen time is a share of that of all CPUs")
    func stolen() {
        let end = Self.reading(second: 10, busy: 0, idle: 900, stolen: 100)
        #expect(
            BusyMachine.sentences(from: Self.start, to: end) == [
                "The hypervisor gave 5.0 % of the CPUs' time to others during the run."
            ]
        )
    }

    @Test("turns in which something else ran on the processor are mentioned, where there are more than a few")
    func turns() {
        let turns = (0..<10).map { Fixture.turn(10, waited: $0 < 2 ? 200 : 100) }
        #expect(
            BusyMachine.sentence(about: turns) == "In 20.0 % of the turns something else ran on the measured CPU."
        )
        #expect(BusyMachine.sentence(about: Array(turns.dropFirst())) != nil)
        #expect(BusyMachine.sentence(about: Array(turns.dropFirst(2))) == nil)
        #expect(BusyMachine.sentence(about: []) == nil)
    }

    @Test("load and pressure count before the run, not after it")
    func before() {
        let start = Self.reading(second: 0, busy: 0, idle: 0, load: 2.6, pressure: 0.72)
        let end = Self.reading(second: 10, busy: 0, idle: 1_000)
        #expect(
            BusyMachine.sentences(from: start, to: end) == [
                "The load was 2.60 per CPU in the minute before the run.",
                "Tasks waited for a CPU in 72.0 % of the 10 s before the run.",
            ]
        )
    }

    @Test("what the kernel does not tell is not mentioned, and readings in the wrong order stop nothing")
    func unknown() {
        var start = Self.start
        (start.times, start.load, start.pressure) = ([:], nil, nil)
        #expect(BusyMachine.sentences(from: start, to: start).isEmpty)
        let late = Self.reading(second: 10, busy: 1_000, idle: 0, own: 5)
        #expect(BusyMachine.sentences(from: late, to: Self.start).isEmpty)
    }

    @Test("a reading of this machine has its processors")
    func now() {
        let reading = BusyMachine.Reading.now()
        #expect(reading.allowed == .allowed())
        #expect(reading.cpuTime > 0)
        #expect(reading.time <= BusyMachine.Reading.now().time)
    }
}
