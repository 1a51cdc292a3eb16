// SPDX-License-Identifier: Apache-2.0

/// Whether the processor's counters can be read: instructions, cycles and misses.
enum ProcessorCounters {
    /// What the counters count.
    struct Coverage: Sendable, Equatable {
        var events: [HardwareCounters.Event]
        var includesKernel: Bool
    }

    static func observe() -> Condition {
        guard let counters = HardwareCounters() else { return condition(nil) }
        defer { counters.close() }
        return condition(Coverage(events: counters.events, includesKernel: counters.includesKernel))
    }

    /// - Parameter coverage: nil where there are no counters.
    static func condition(_ coverage: Coverage?) -> Condition {
        guard let coverage else {
            return .lacks(
                name,
                "missing",
                """
                Without them instructions, cycles and misses are not counted: use a machine whose hypervisor shows them, \
                or set kernel.perf_event_paranoid to 2 or less.
                """
            )
        }
        let missing = HardwareCounters.Event.allCases.filter { !coverage.events.contains($0) }
        let extent = coverage.includesKernel ? "with the kernel" : "user space only"
        return .fine(name, (missing.map { "no \($0.rawValue)" } + [extent]).joined(separator: ", "))
    }

    private static let name = "hardware counters"
}
