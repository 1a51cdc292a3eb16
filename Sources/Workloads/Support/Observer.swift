// SPDX-License-Identifier: Apache-2.0

/// The harness, as a running workload sees it.
public protocol Observer: Sendable {
    /// Marks a point of the run; called from the main tasklet.
    func mark(_ moment: Moment)

    /// Records wait times, in nanoseconds; called outside the timed region, so that recording is not measured.
    func record(_ waits: [UInt64], as series: Series)

    /// Records a figure that the workload measured itself, in the figure's unit.
    func note(_ figure: NamedFigure, _ value: Double)

    /// Has the load generator connect its clients; it runs in a process of its own, on other processors than the
    /// measured ones if there are any.
    ///
    /// Returns at once. A run has one load at a time, and only a workload with ``Workload/isServer`` has any.
    ///
    /// - Throws: if there is no generator.
    func load(_ program: LoadProgram) throws -> LoadGenerator

    /// Runs a body while the measured processors are kept from idling, by threads that give way to every other at
    /// once; called outside the timed region, since these take processor time.
    ///
    /// Returns nil, and does not run the body, where the kernel refuses such threads.
    func keepingBusy<R>(_ body: () async throws -> R) async throws -> R?
}

/// The points of a run that a workload marks.
public enum Moment: Sendable {
    /// Set-up is done; the timed region starts.
    case begin
    /// All tasklets are alive and parked; the harness reads the memory.
    case occupied
    /// The timed region ends; tear-down follows.
    case end
}

/// A series of wait times; the raw value is the prefix of its metrics' names.
public enum Series: String, Sendable, CaseIterable {
    /// From a request's scheduled start to the end of its reply, or from when a chat message was sent to its delivery.
    ///
    /// In an open loop the schedule does not depend on earlier replies, so that a stall counts for every request that
    /// it delays.
    case latency
    /// The latency less what no scheduler can avoid: the longest of the delays that the workload injects for a request.
    case addedLatency = "added-latency"
    /// From when a request was sent to the end of its reply: the latency of a closed loop.
    case uncorrected = "latency-uncorrected"
    /// From a deadline to when the tasklet that slept until then resumed.
    case lateness
    /// The same while the processors are kept from idling; see ``Observer/keepingBusy(_:)``.
    case latenessBusy = "lateness-busy"
}

/// A figure that a workload measures itself.
public enum NamedFigure: String, Sendable, CaseIterable {
    /// The cost of arming and cancelling a deadline, in nanoseconds.
    case armAndCancel = "arm-cancel"
    /// Requests completed per second.
    case requestsPerSecond = "requests-per-second"
    /// CPU-bound work done per second, in the workload's own units.
    case progress
    /// Lines of code of what is compared, without blank lines and comments.
    case linesOfCode = "lines-of-code"
}
