// SPDX-License-Identifier: Apache-2.0

/// Numbers for the names of tasklets, which a profiler's signal handler can read: a name itself it cannot.
///
/// Tasklets spawned without a name are labelled by their spawn site. Off unless a profile or a trace is taken: a
/// look-up at every spawn costs more than the spawn.
package enum Labels {
    /// The label of tasklets made while this is off; names follow from 1.
    package static let none: UInt32 = 0

    // SAFETY: set before the scheduler that is to be profiled runs, and not changed while one does.
    nonisolated(unsafe) private(set) static var areOn = false

    private static let table = Guarded(Table())

    private struct Table {
        var numbers: [String: UInt32] = [:]
        var names: [String] = []
    }

    /// Labels every tasklet that is made from now on.
    ///
    /// Called while no scheduler runs.
    package static func turnOn() { areOn = true }

    /// The names so far: label 1 is the first's.
    package static var names: [String] { table.withLock { $0.names } }

    static func label(of name: String) -> UInt32 {
        table.withLock { table in
            if let number = table.numbers[name] { return number }
            table.names.append(name)
            let number = UInt32(table.names.count)
            table.numbers[name] = number
            return number
        }
    }

    /// Where a tasklet's label lies, from the address that `sw_current` returns, the node's.
    package static var offset: Int { TaskletRecord.labelOffset }
}
