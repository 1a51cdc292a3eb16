// SPDX-License-Identifier: Apache-2.0

/// What one process that was profiled tells of itself.
///
/// Addresses mean something in that process alone; its gperftools profile says where what was loaded.
package struct ProcessSamples: Sendable, Codable {
    /// The names of tasklets: label 1 is the first's.
    package var labels: [String]
    package var stacks: [LabelledStack]
    /// Samples that there was no room to note.
    package var lost: Int
    /// Nanoseconds of processor time after the last sample.
    package var rest: UInt64
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
        rest: UInt64,
        cpuTime: UInt64,
        elapsed: UInt64,
        operations: Int
    ) {
        self.labels = labels
        self.stacks = stacks
        self.lost = lost
        self.rest = rest
        self.cpuTime = cpuTime
        self.elapsed = elapsed
        self.operations = operations
    }
}
