// SPDX-License-Identifier: Apache-2.0

/// What a counting trial counts in its process over a span of time.
package struct ProcessEvents: Sendable, Equatable {
    /// What the process asked of libc.
    package var calls = CallCounts()
    /// How long its threads were ready to run and did not, in nanoseconds; nil if the kernel does not tell.
    package var waited: UInt64?
    /// What the processor counted; empty where it has no counters.
    package var hardware: [HardwareCounters.Event: Double] = [:]

    /// Creates events.
    package init() {}

    /// The events of two spans of time together.
    package static func + (left: ProcessEvents, right: ProcessEvents) -> ProcessEvents {
        var all = left
        all.calls = left.calls + right.calls
        all.waited = left.waited.flatMap { own in right.waited.map { own &+ $0 } } ?? left.waited ?? right.waited
        all.hardware.merge(right.hardware, uniquingKeysWith: +)
        return all
    }

    /// The figures per operation.
    ///
    /// - Parameter systemCalls: whether to include those, because the scheduler does not count its own.
    package func measures(operations: Double, systemCalls: Bool) -> [Measure] {
        let events = HardwareCounters.Event.allCases.compactMap { event in
            hardware[event].map { Measure(.event(event), $0 / operations) }
        }
        return [
            Measure(.allocations, Double(calls.allocations) / operations),
            Measure(.allocatedBytes, Double(calls.allocatedBytes) / operations),
        ] + (waited.map { [Measure(.runQueueWait, Double($0) / operations)] } ?? []) + events
            + (systemCalls ? named(operations) : [])
    }

    private func named(_ operations: Double) -> [Measure] {
        let counts = calls.systemCalls.sorted { $0.key < $1.key }
        let all = counts.reduce(0) { $0 &+ $1.value }
        return [Measure(.systemCalls, Double(all) / operations)]
            + counts.map { Measure(.systemCalls($0.key), Double($0.value) / operations) }
    }
}
