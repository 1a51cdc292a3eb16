// SPDX-License-Identifier: Apache-2.0

/// What one process that was profiled tells of itself.
///
/// Addresses mean something in that process alone; its gperftools profile says where what was loaded.
package struct RawProfile: Sendable, Codable {
    /// The names of tasklets: label 1 is the first's.
    package var labels: [String]
    package var stacks: [LabelledStack]
    /// Samples that there was no room to note.
    package var lost: Int
    /// Samples that were asked for, for every second of processor time.
    package var frequency: Int
    /// Nanoseconds of processor time of the whole process meanwhile, as the kernel accounts it.
    package var cpuTime: UInt64
    /// Nanoseconds that it lasted.
    package var elapsed: UInt64
    /// Operations of the workload meanwhile.
    package var operations: Int

    package init(
        labels: [String],
        stacks: [LabelledStack],
        lost: Int,
        frequency: Int,
        cpuTime: UInt64,
        elapsed: UInt64,
        operations: Int
    ) {
        self.labels = labels
        self.stacks = stacks
        self.lost = lost
        self.frequency = frequency
        self.cpuTime = cpuTime
        self.elapsed = elapsed
        self.operations = operations
    }

    /// How many samples were noted.
    package var sampleCount: Int { stacks.reduce(0) { $0 + $1.count } }
}
