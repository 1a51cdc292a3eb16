// SPDX-License-Identifier: Apache-2.0

import Measurement
import Tasklets

/// A scheduler's counters over a span of time.
struct SwitchCounts: Sendable, Equatable {
    private(set) var switches: [Switching: UInt64] = [:]
    private(set) var noSwitch: UInt64 = 0
    /// Nil if the backend leaves system calls to a library that does not count them.
    private(set) var systemCalls: UInt64?

    init() {}

    /// The counts since the scheduler was created.
    init(_ counters: SchedulerCounters) {
        switches = counters.switches
        noSwitch = counters.noSwitch
        systemCalls = counters.systemCalls.isEmpty ? nil : counters.systemCalls.values.reduce(0, &+)
    }

    static func + (left: SwitchCounts, right: SwitchCounts) -> SwitchCounts { left.combined(with: right, &+) }

    static func - (later: SwitchCounts, earlier: SwitchCounts) -> SwitchCounts { later.combined(with: earlier, &-) }

    /// The mechanism of most switches; nil without switches.
    var mechanism: Switching? {
        switches.max { $0.value < $1.value }.flatMap { $0.value > 0 ? $0.key : nil }
    }

    /// The counts per operation.
    func measures(operations: Double) -> [Measure] {
        Switching.allCases.map { Measure(.switches($0.rawValue), Double(switches[$0] ?? 0) / operations) }
            + [Measure(.noSwitch, Double(noSwitch) / operations)]
            + (systemCalls.map { [Measure(.systemCalls, Double($0) / operations)] } ?? [])
    }

    private func combined(with other: SwitchCounts, _ operation: (UInt64, UInt64) -> UInt64) -> SwitchCounts {
        var result = SwitchCounts()
        for switching in Switching.allCases {
            result.switches[switching] = operation(switches[switching] ?? 0, other.switches[switching] ?? 0)
        }
        result.noSwitch = operation(noSwitch, other.noSwitch)
        if systemCalls != nil || other.systemCalls != nil {
            result.systemCalls = operation(systemCalls ?? 0, other.systemCalls ?? 0)
        }
        return result
    }
}
