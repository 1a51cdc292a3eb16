// SPDX-License-Identifier: Apache-2.0

/// Something counted in each of several processes: nanoseconds, or operations.
package struct PerProcess: Sendable, Equatable {
    private var counts: [UInt64]

    /// None at all.
    init(processes: Int) { counts = [UInt64](repeating: 0, count: processes) }

    init(_ counts: [UInt64]) { self.counts = counts }

    /// That of one process.
    subscript(process: Int) -> UInt64 {
        get { counts[process] }
        set { counts[process] = newValue }
    }

    /// That of all together.
    package var sum: UInt64 { counts.reduce(0, +) }

    /// What it is of something else, or for each of it, all processes together; 0 of nothing.
    func over(_ other: PerProcess) -> Double { over(other, in: Array(counts.indices)) }

    /// The same in the processes that were drawn, each as often as it was.
    func over(_ other: PerProcess, in drawn: [Int]) -> Double {
        var sums: (UInt64, UInt64) = (0, 0)
        for process in drawn {
            sums.0 += counts[process]
            sums.1 += other.counts[process]
        }
        return sums.1 == 0 ? 0 : Double(sums.0) / Double(sums.1)
    }
}
