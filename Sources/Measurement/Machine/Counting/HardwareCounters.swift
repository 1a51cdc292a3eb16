// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// The processor's counters of this process: of the thread that opens them, and of threads created later.
package struct HardwareCounters: Sendable {
    /// An event that processors count.
    package enum Event: String, Sendable, CaseIterable {
        /// Instructions that were completed.
        case instructions
        /// Cycles of the processor, whatever its frequency.
        case cycles
        /// Accesses to memory that the last cache did not answer.
        case cacheMisses = "cache-misses"
        /// Branches that were predicted wrongly.
        case branchMisses = "branch-misses"
    }

    /// What the counters show.
    package struct Reading: Sendable, Equatable {
        struct Value: Sendable, Equatable {
            var count: UInt64
            var enabled: UInt64
            var running: UInt64
        }

        var values: [Event: Value] = [:]

        /// The events since an earlier reading.
        ///
        /// Where a counter ran for a part of the time, its count is scaled to all of it; an event whose counter did not
        /// run at all is left out.
        package func events(since earlier: Reading) -> [Event: Double] {
            var events: [Event: Double] = [:]
            for (event, value) in values {
                guard let before = earlier.values[event], value.running > before.running else { continue }
                let share = Double(value.running - before.running) / Double(value.enabled - before.enabled)
                events[event] = Double(value.count - before.count) / min(share, 1)
            }
            return events
        }
    }

    /// Whether the counters include what the kernel does for the process.
    package let includesKernel: Bool
    private let descriptors: [Event: CInt]

    /// Opens the counters that the machine has; nil where it has none, or does not let this process use them.
    package init?() {
        for includesKernel in [true, false] {
            let opened = Event.allCases.map { ($0, linux_counter_open($0.kind, includesKernel)) }.filter { $0.1 >= 0 }
            guard !opened.isEmpty else { continue }
            descriptors = Dictionary(uniqueKeysWithValues: opened)
            self.includesKernel = includesKernel
            return
        }
        return nil
    }

    /// The events that are counted.
    package var events: [Event] { Event.allCases.filter { descriptors[$0] != nil } }

    /// Reads the counters.
    package func read() -> Reading {
        Reading(
            values: descriptors.compactMapValues { descriptor in
                var reading = linux_counter_reading()
                guard linux_counter_read(descriptor, &reading) else { return nil }
                return Reading.Value(count: reading.count, enabled: reading.enabled, running: reading.running)
            }
        )
    }

    /// Closes the counters.
    package func close() { for descriptor in descriptors.values { linux_close(descriptor) } }
}

extension HardwareCounters.Event {
    fileprivate var kind: linux_counter {
        switch self {
        case .instructions: linux_instructions
        case .cycles: linux_cycles
        case .cacheMisses: linux_cache_misses
        case .branchMisses: linux_branch_misses
        }
    }
}
