// SPDX-License-Identifier: Apache-2.0

/// The reasons for an operation to leave its fast path.
///
/// Hot paths test the whole set once. An operation that finds it non-empty calls the function that looks at each
/// member, so a feature that a program does not use costs it nothing.
@usableFromInline
package struct SpecialCases: OptionSet, Sendable {
    @usableFromInline package let rawValue: UInt16
    @usableFromInline package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Several tasklets run at once, under the scheduler's lock.
    static let concurrent = SpecialCases(rawValue: 1 << 0)
    /// The thread's note of the running tasklet cannot be verified with one load.
    static let unknownRuntime = SpecialCases(rawValue: 1 << 1)
    /// A tasklet that parks hard would find no stack for the loop to continue on; or no memory to be copied to.
    static let needsStack = SpecialCases(rawValue: 1 << 2)
    /// Some tasklet has an error to throw at its next suspension.
    static let pendingInterruption = SpecialCases(rawValue: 1 << 3)
    /// ``Scheduler/switchTrap`` is set.
    static let switchTrap = SpecialCases(rawValue: 1 << 4)
    /// ``Tasklet/blockTrap`` of some tasklet is set.
    static let blockTrap = SpecialCases(rawValue: 1 << 5)
    /// A schedule or channel callback is installed.
    static let callback = SpecialCases(rawValue: 1 << 6)
    /// Checkpoints count against a budget.
    static let budget = SpecialCases(rawValue: 1 << 7)
    /// A ``TraceRecorder`` is told what happens.
    static let traced = SpecialCases(rawValue: 1 << 8)
}
