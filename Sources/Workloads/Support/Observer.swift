// SPDX-License-Identifier: Apache-2.0

public import Tasklets

/// What a run tells the harness while it runs, and what it gets from it.
public protocol Observer: Sendable {
    /// Notes that the run has got this far.
    ///
    /// Called from the main tasklet.
    func mark(_ moment: Moment)

    /// Notes how long waits took, in nanoseconds each.
    ///
    /// Called outside the timed region, so that recording is not measured.
    func record(_ waits: [UInt64], as series: Series)

    /// Notes a figure that the run has measured by itself, in the unit that the figure says.
    func note(_ figure: NamedFigure, _ value: Double)

    /// Starts a program as the main tasklet of another scheduler, which runs on a thread of its own, on other processors
    /// than the measured ones where there are any: the load comes from there.
    ///
    /// Returns at once; what the program returns, or throws, is in the one-shot when that scheduler's run is over.
    ///
    /// - Throws: ``SchedulerError`` where that scheduler cannot be had.
    func elsewhere<R: Sendable>(_ program: @escaping @Sendable () async throws -> R) throws -> OneShot<R>
}

/// The moments of a run that a harness may want to look at.
public enum Moment: Sendable {
    /// Set-up is over and the timed region starts.
    case begin
    /// Everything that will live at the same time is alive and parked: the moment to read the memory.
    case occupied
    /// The timed region is over; tear-down follows.
    case end
}

/// Kinds of waits; the raw value is the beginning of the metrics' names.
public enum Series: String, Sendable, CaseIterable {
    /// From when a request was to be sent to when its reply was complete.
    ///
    /// In an open loop that moment is the schedule's, whatever held up the sender, so that a stall counts for all that
    /// it delayed.
    case latency
    /// From when a request was really sent: what a closed loop would have called the latency.
    case uncorrected = "latency-uncorrected"
    /// From a deadline to when the tasklet that slept until then went on.
    case lateness
}

/// Figures that a run measures by itself.
public enum NamedFigure: String, Sendable, CaseIterable {
    /// What a deadline adds to a wait that something else ends, in nanoseconds.
    case armAndCancel = "arm-cancel"
    /// Requests answered in a second.
    case requestsPerSecond = "requests-per-second"
    /// CPU-bound work done in a second, in the workload's own units.
    case progress
}
