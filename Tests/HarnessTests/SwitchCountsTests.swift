// SPDX-License-Identifier: Apache-2.0

import Measurement
import Tasklets
import Testing

@testable import Harness

@Suite("Switch counts")
struct SwitchCountsTests {
    private let counted = SwitchCounts(SchedulerCounters(noSwitch: 6, systemCalls: ["send": 4, "recv": 2]))
    private let uncounted = SwitchCounts(SchedulerCounters(noSwitch: 6))

    private func figure(_ name: String, _ counts: SwitchCounts) -> Double? {
        counts.measures(operations: 2).first { $0.metric.name == name }?.value
    }

    @Test("system calls of all names are summed, per operation")
    func counts() {
        #expect(figure("syscalls", counted) == 3)
        #expect(figure("syscalls", SwitchCounts() + counted + counted) == 6)
        #expect(figure("syscalls", counted - counted) == 0)
    }

    @Test("switches by cause and system calls by name, per operation, where they occurred")
    func kinds() {
        let before = SwitchCounts(
            SchedulerCounters(causes: [.send: 1, .sleep: 2], systemCalls: ["send": 1, "write": 7])
        )
        let after = SwitchCounts(
            SchedulerCounters(causes: [.send: 5, .sleep: 2, .io: 1], systemCalls: ["send": 4, "write": 7, "recv": 2])
        )
        let measures = (after - before).measures(operations: 2)
        let names = ["switches-by-", "syscalls-"].flatMap { prefix in
            measures.filter { $0.metric.name.hasPrefix(prefix) }.map { "\($0.metric.name) \($0.value)" }
        }
        #expect(names == ["switches-by-send 2.0", "switches-by-io 0.5", "syscalls-recv 1.0", "syscalls-send 1.5"])
    }

    @Test("switches out of synchronous code by mechanism and cause, where they occurred")
    func details() {
        let before = SwitchCounts(SchedulerCounters(details: [.hard: [.send: 1], .soft: [.send: 3]]))
        let after = SwitchCounts(
            SchedulerCounters(details: [.hard: [.send: 5, .io: 0], .kernel: [.oneShot: 3], .soft: [.send: 9]])
        )
        let measures = (after - before).measures(operations: 2).filter { $0.metric.name.contains("-by-") }
        #expect(
            measures.map { "\($0.metric.name) \($0.value)" } == [
                "switches-hard-by-send 2.0", "switches-kernel-by-oneShot 1.5",
            ]
        )
    }

    @Test("a scheduler that does not count system calls has no figure for them, not 0")
    func nothingCounted() {
        #expect(figure("syscalls", uncounted) == nil)
        #expect(figure("syscalls", SwitchCounts() + uncounted - uncounted) == nil)
        #expect(figure("no-switch", uncounted) == 3)
    }
}
