// SPDX-License-Identifier: Apache-2.0

import Measurement
import Workloads

/// The readings of one run.
struct RunReading: Sendable {
    /// Nanoseconds from begin to end.
    var elapsed: UInt64 = 0
    /// The kernel's accounting from begin to end.
    var usage: ProcessUsage?
    /// The load generator's processor time, in nanoseconds; 0 without one.
    var loadTime: UInt64 = 0
    /// How long the thread waited for a processor that was kept busy, in nanoseconds: part of that is what the
    /// spinning thread takes to give way, which tells of no other program.
    var waitedBusy: UInt64 = 0
    /// The scheduler's counters from begin to end.
    var counters = SwitchCounts()
    /// What happened from begin to end; nil unless it is a counting trial.
    var events: ProcessEvents?
    /// The growth of the resident set from begin to occupied, in bytes.
    var memory: UInt64?
    /// The recorded wait times.
    var waits: [Series: LatencyHistogram] = [:]
    /// The figures that the workload measured itself.
    var notes: [NamedFigure: Double] = [:]
}
