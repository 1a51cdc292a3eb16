// SPDX-License-Identifier: Apache-2.0

/// How often tasklets left the processor: one cell for each cause and mechanism.
///
/// A switch adds one to one cell, and ``snapshot(into:)`` sums rows and columns. The memory belongs to the scheduler.
@usableFromInline
package struct SwitchTally {
    @usableFromInline package let cells: UnsafeMutablePointer<UInt64>

    package init() {
        let size = SwitchCause.allCases.count * Switching.allCases.count
        cells = .allocate(capacity: size)
        cells.initialize(repeating: 0, count: size)
    }

    package func deallocate() { cells.deallocate() }

    @inline(__always) package func add(_ cause: SwitchCause, _ switching: Switching) {
        cells[cause.row &* Switching.columnCount &+ switching.column] &+= 1
    }

    /// The cells, and their sums by mechanism and by cause.
    package func snapshot(into counters: inout SchedulerCounters) {
        for cause in SwitchCause.allCases {
            for switching in Switching.allCases {
                let count = cells[cause.row * Switching.columnCount + switching.column]
                counters.causes[cause, default: 0] += count
                counters.switches[switching, default: 0] += count
                counters.details[switching, default: [:]][cause] = count
            }
        }
    }
}

extension Switching {
    fileprivate static var columnCount: Int { 5 }

    /// The place in ``allCases``, as a constant wherever the case is one.
    @inline(__always) fileprivate var column: Int {
        switch self {
        case .soft: 0
        case .hard: 1
        case .slice: 2
        case .continuation: 3
        case .kernel: 4
        }
    }
}

extension SwitchCause {
    /// The place in ``allCases``, as a constant wherever the case is one.
    @inline(__always) fileprivate var row: Int {
        switch self {
        case .send: 0
        case .receive: 1
        case .schedule: 2
        case .sleep: 3
        case .io: 4
        case .join: 5
        case .oneShot: 6
        case .kill: 7
        case .preemption: 8
        case .end: 9
        }
    }
}
