// SPDX-License-Identifier: Apache-2.0

/// A count for each process: nanoseconds, or operations.
package struct PerProcess: Sendable, Equatable {
    private var counts: [UInt64]

    /// All zero.
    init(processes: Int) { counts = [UInt64](repeating: 0, count: processes) }

    init(_ counts: [UInt64]) { self.counts = counts }

    /// The count of one process.
    subscript(process: Int) -> UInt64 {
        get { counts[process] }
        set { counts[process] = newValue }
    }

    /// The sum over all processes.
    package var sum: UInt64 { counts.reduce(0, +) }

    /// The ratio of the sums over all processes; 0 if the divisor is 0.
    func over(_ other: PerProcess) -> Double { over(other, in: Array(counts.indices)) }

    /// The ratio of the sums over drawn processes, which may repeat.
    func over(_ other: PerProcess, in drawn: [Int]) -> Double {
        var sums: (UInt64, UInt64) = (0, 0)
        for process in drawn {
            sums.0 += counts[process]
            sums.1 += other.counts[process]
        }
        return sums.1 == 0 ? 0 : Double(sums.0) / Double(sums.1)
    }
}
