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

    @Test("a scheduler that does not count system calls has no figure for them, not 0")
    func nothingCounted() {
        #expect(figure("syscalls", uncounted) == nil)
        #expect(figure("syscalls", SwitchCounts() + uncounted - uncounted) == nil)
        #expect(figure("no-switch", uncounted) == 3)
    }
}
