// SPDX-License-Identifier: Apache-2.0

/// Counts what happens in this process, at the price of its speed: for counting trials alone.
///
/// Created before the scheduler, so that the threads that this creates are counted, too.
package struct EventCounters: Sendable {
    private let hardware: HardwareCounters?

    /// Has the process count for the rest of its life.
    package init() {
        CallCounts.install()
        hardware = HardwareCounters()
    }

    /// What the counters show when a span of time begins.
    package struct Start: Sendable {
        fileprivate let waits: UInt64?
        fileprivate let hardware: HardwareCounters.Reading?
    }

    /// Begins a span of time; there is one at a time.
    package func begin() -> Start {
        let start = Start(waits: ThreadWaits.now(), hardware: hardware?.read())
        // Last, so that what the other readings take is not counted.
        CallCounts.begin()
        return start
    }

    /// Ends a span of time; returns what happened in it.
    package func end(since start: Start) -> ProcessEvents {
        CallCounts.end()
        let (hardware, waits) = (hardware?.read(), ThreadWaits.now())
        var events = ProcessEvents()
        events.calls = .last()
        if let hardware, let before = start.hardware { events.hardware = hardware.events(since: before) }
        if let waits, let before = start.waits { events.waited = waits > before ? waits - before : 0 }
        return events
    }
}
