// SPDX-License-Identifier: Apache-2.0

/// Numbers for the names of tasklets, which a profiler's signal handler can read: a name itself it cannot.
///
/// Tasklets that were spawned without a name are told apart by where. Off unless somebody profiles, for a look-up at
/// every spawn costs more than the spawn.
package enum Labels {
    /// Of tasklets that were made while this was off; the names follow from 1.
    package static let none: UInt32 = 0

    // SAFETY: set before the scheduler that is to be profiled runs, and not changed while one does.
    nonisolated(unsafe) private(set) static var areOn = false

    private static let table = Guarded(Table())

    private struct Table {
        var numbers: [String: UInt32] = [:]
        var names: [String] = []
    }

    /// Has tasklets labelled that are made from now on.
    ///
    /// To be called while no scheduler runs.
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

    /// Where a tasklet's label lies, from where `sw_current` points to.
    package static var offset: Int {
        guard let offset = MemoryLayout<Node>.offset(of: \.label) else { preconditionFailure("the label has no place") }
        return offset
    }
}
