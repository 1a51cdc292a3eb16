// SPDX-License-Identifier: Apache-2.0

import Measurement
import Tasklets

/// A scheduler's counters over a span of time.
struct SwitchCounts: Sendable, Equatable {
    private var switches: [Switching: UInt64] = [:]
    private var causes: [SwitchCause: UInt64] = [:]
    /// Of the mechanisms by which synchronous code leaves the processor, whatever the scheduler's own is.
    private var details: [Detail: UInt64] = [:]
    private var noSwitch: UInt64 = 0
    /// By name; nil if the backend leaves system calls to a library that does not count them.
    private var systemCalls: [String: UInt64]?

    private struct Detail: Hashable {
        let mechanism: Switching
        let cause: SwitchCause
    }

    private static let hard = [Switching.hard, .slice, .kernel]

    init() {}

    /// The counts since the scheduler was created.
    init(_ counters: SchedulerCounters) {
        switches = counters.switches
        causes = counters.causes
        for mechanism in Self.hard {
            for (cause, count) in counters.details[mechanism] ?? [:] {
                details[Detail(mechanism: mechanism, cause: cause)] = count
            }
        }
        noSwitch = counters.noSwitch
        systemCalls = counters.systemCalls.isEmpty ? nil : counters.systemCalls
    }

    static func + (left: SwitchCounts, right: SwitchCounts) -> SwitchCounts { left.combined(with: right, &+) }

    static func - (later: SwitchCounts, earlier: SwitchCounts) -> SwitchCounts { later.combined(with: earlier, &-) }

    /// The mechanism of most switches; nil without switches.
    var mechanism: Switching? {
        switches.max { $0.value < $1.value }.flatMap { $0.value > 0 ? $0.key : nil }
    }

    /// Whether the backend counts its system calls.
    var hasSystemCalls: Bool { systemCalls != nil }

    /// The counts per operation; causes and system calls that did not occur are left out.
    func measures(operations: Double) -> [Measure] {
        func measure(_ metric: Metric, _ count: UInt64) -> Measure { Measure(metric, Double(count) / operations) }
        let mechanisms = Switching.allCases.map { measure(.switches($0.rawValue), switches[$0] ?? 0) }
        let reasons = SwitchCause.allCases.compactMap { cause in
            causes[cause].flatMap { $0 > 0 ? measure(.switches(by: cause.rawValue), $0) : nil }
        }
        let both = Self.hard.flatMap { mechanism in
            SwitchCause.allCases.compactMap { cause in
                details[Detail(mechanism: mechanism, cause: cause)].flatMap { count in
                    count > 0 ? measure(.switches(mechanism.rawValue, by: cause.rawValue), count) : nil
                }
            }
        }
        let calls = (systemCalls ?? [:]).sorted { $0.key < $1.key }
        return mechanisms + [measure(.noSwitch, noSwitch)] + reasons + both
            + (systemCalls == nil ? [] : [measure(.systemCalls, calls.reduce(0) { $0 &+ $1.value })])
            + calls.filter { $0.value > 0 }.map { measure(.systemCalls($0.key), $0.value) }
    }

    private func combined(with other: SwitchCounts, _ operation: (UInt64, UInt64) -> UInt64) -> SwitchCounts {
        func combine<Key: Hashable>(_ left: [Key: UInt64], _ right: [Key: UInt64]) -> [Key: UInt64] {
            let keys = Set(left.keys).union(right.keys)
            return Dictionary(uniqueKeysWithValues: keys.map { ($0, operation(left[$0] ?? 0, right[$0] ?? 0)) })
        }
        var result = SwitchCounts()
        result.switches = combine(switches, other.switches)
        result.causes = combine(causes, other.causes)
        result.details = combine(details, other.details)
        result.noSwitch = operation(noSwitch, other.noSwitch)
        if systemCalls != nil || other.systemCalls != nil {
            result.systemCalls = combine(systemCalls ?? [:], other.systemCalls ?? [:])
        }
        return result
    }
}
