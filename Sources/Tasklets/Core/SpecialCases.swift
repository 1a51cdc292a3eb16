// SPDX-License-Identifier: Apache-2.0

/// Why an operation has more to look at than the rule.
///
/// The hot paths ask one question, whether there is any; whoever finds one goes the long way round, where each is
/// looked at. So what is not in use costs nothing.
@usableFromInline
package struct SpecialCases: OptionSet, Sendable {
    @usableFromInline package let rawValue: UInt16
    @usableFromInline package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Several tasklets run at once, and a lock has to be taken.
    static let unordered = SpecialCases(rawValue: 1 << 0)
    /// The calling tasklet cannot be told at a glance.
    static let unknownRuntime = SpecialCases(rawValue: 1 << 1)
    /// A tasklet that leaves the processor hard would find no stack to go on with.
    static let needsStack = SpecialCases(rawValue: 1 << 2)
    /// Somebody has an error to throw when it would next leave the processor.
    static let awaitedInterruption = SpecialCases(rawValue: 1 << 3)
    /// ``Scheduler/switchTrap`` is set.
    static let switchTrap = SpecialCases(rawValue: 1 << 4)
    /// ``Tasklet/blockTrap`` of some tasklet is set.
    static let blockTrap = SpecialCases(rawValue: 1 << 5)
    /// There is a callback to call.
    static let callback = SpecialCases(rawValue: 1 << 6)
    /// Checkpoints are counted.
    static let budget = SpecialCases(rawValue: 1 << 7)
}
