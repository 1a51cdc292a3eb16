// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite struct `The events of a process` {
    private var events: ProcessEvents {
        var events = ProcessEvents()
        events.calls.allocations = 6
        events.calls.allocatedBytes = 96
        events.calls.systemCalls = ["write": 3, "read": 1]
        events.waited = 50
        events.hardware = [.cycles: 10, .instructions: 30]
        return events
    }

    private func figures(_ events: ProcessEvents, systemCalls: Bool) -> [String] {
        events.measures(operations: 2, systemCalls: systemCalls).map { "\($0.metric.name) \($0.value)" }
    }

    @Test func `Are figures per operation, with the system calls of a scheduler that does not count them`() {
        let own = [
            "allocations 3.0", "allocated-bytes 48.0", "run-queue-wait 25.0", "instructions 15.0", "cycles 5.0",
        ]
        #expect(figures(events, systemCalls: false) == own)
        let calls = ["syscalls 2.0", "syscalls-read 0.5", "syscalls-write 1.5"]
        #expect(figures(events, systemCalls: true) == own + calls)
    }

    @Test func `Have no figures of what the machine does not count`() {
        var events = events
        events.waited = nil
        events.hardware = [:]
        #expect(figures(events, systemCalls: false) == ["allocations 3.0", "allocated-bytes 48.0"])
    }

    @Test func `Are added up over the runs`() {
        let all = [events, events].reduce(ProcessEvents(), +)
        #expect(all.calls == events.calls + events.calls)
        #expect(all.waited == 100)
        #expect(all.hardware == [.cycles: 20, .instructions: 60])
    }

    @Test func `Explain other figures, and are not better in one direction`() {
        #expect(events.measures(operations: 1, systemCalls: true).allSatisfy { $0.metric.direction == .info })
    }
}

@Suite struct `The processor's counters` {
    private typealias Reading = HardwareCounters.Reading

    @Test func `A counter that ran for half of the time counts twice as much`() {
        let start = Reading(values: [.cycles: .init(count: 100, enabled: 1_000, running: 500)])
        let end = Reading(values: [.cycles: .init(count: 160, enabled: 3_000, running: 1_500)])
        #expect(end.events(since: start) == [.cycles: 120])
    }

    @Test func `An event whose counter did not run is left out`() {
        let start = Reading(values: [.cycles: .init(count: 1, enabled: 10, running: 10)])
        let end = Reading(values: [.cycles: .init(count: 1, enabled: 20, running: 10)])
        #expect(end.events(since: start).isEmpty)
        #expect(start.events(since: Reading()).isEmpty)
    }

    @Test func `They count, where the machine has them`() {
        guard let counters = HardwareCounters() else { return }
        defer { counters.close() }
        let before = counters.read()
        _ = SpeedYardstick.measure()
        for (event, count) in counters.read().events(since: before) { #expect(count > 0, "\(event)") }
    }

    @Test func `The doctor misses them, and says what of them there is`() {
        #expect(ProcessorCounters.condition(nil).verdict == .lacks)
        let all = ProcessorCounters.Coverage(events: HardwareCounters.Event.allCases, includesKernel: true)
        #expect(ProcessorCounters.condition(all).value == "with the kernel")
        let few = ProcessorCounters.Coverage(events: [.instructions, .cycles], includesKernel: false)
        #expect(ProcessorCounters.condition(few).value == "no cache-misses, no branch-misses, user space only")
        #expect(ProcessorCounters.condition(few).verdict == .fine)
    }
}
