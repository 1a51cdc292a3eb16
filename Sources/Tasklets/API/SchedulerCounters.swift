// SPDX-License-Identifier: Apache-2.0

/// What a scheduler has counted since it was created.
///
/// A snapshot.
public struct SchedulerCounters: Sendable, Equatable, Codable {
    /// Real switches, from one tasklet to another or to an idle scheduler, by mechanism.
    public var switches: [Switching: UInt64]
    /// The same switches, by cause.
    ///
    /// The sums are equal.
    public var causes: [SwitchCause: UInt64]
    /// The same switches, by mechanism and cause.
    public var details: [Switching: [SwitchCause: UInt64]]
    /// Operations that could have switched and did not.
    public var noSwitch: UInt64
    /// System calls that the scheduler made, by name.
    public var systemCalls: [String: UInt64]

    /// Creates counters; all zero unless said otherwise.
    public init(
        switches: [Switching: UInt64] = [:],
        causes: [SwitchCause: UInt64] = [:],
        details: [Switching: [SwitchCause: UInt64]] = [:],
        noSwitch: UInt64 = 0,
        systemCalls: [String: UInt64] = [:]
    ) {
        self.switches = switches
        self.causes = causes
        self.details = details
        self.noSwitch = noSwitch
        self.systemCalls = systemCalls
    }
}
