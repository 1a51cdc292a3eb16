// SPDX-License-Identifier: Apache-2.0

/// The samples of one profiled process, and what belongs to them.
///
/// The addresses are valid in that process alone; its ``GperftoolsFile`` has the mappings.
package struct ProcessSamples: Sendable, Codable {
    /// The tasklets' names; label 1 is the first.
    package var labels: [String]
    package var stacks: [LabelledStack]
    /// The number of samples dropped for lack of room.
    package var lost: Int
    /// Nanoseconds of processor time since the last sample.
    package var rest: UInt64
    /// Nanoseconds of the process's processor time while it was profiled, as the kernel accounts it.
    package var cpuTime: UInt64
    /// Nanoseconds on the clock while it was profiled.
    package var elapsed: UInt64
    /// Operations of the workload while it was profiled.
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
