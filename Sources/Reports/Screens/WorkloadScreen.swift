// SPDX-License-Identifier: Apache-2.0

/// A workload on one screen: the ranking, what explains it, and what the run could not have seen.
package struct WorkloadScreen: Sendable, Equatable, Codable {
    /// A scheduler.
    package struct Row: Sendable, Equatable, Codable {
        /// The scheduler, such as `epoll soft` or `dispatch ×2`.
        package var scheduler: String
        /// The figure, in the metric's unit; nil where the trials failed.
        package var value: Double?
        /// The ends of its 95 % interval, in the metric's unit; nil for fewer than three processes.
        package var interval: [Double]?
        /// The figure and its unit, or, without one, the outcome, such as `FAILED`.
        package var figure: String
        /// The figure divided by that of the best row, such that 1 is the best and more is worse; nil without a figure.
        package var factor: Double?
        /// The ends of its 95 % interval.
        package var factorInterval: [Double]?
        /// Whether the run cannot tell it from the best.
        package var couldBeBest: Bool
        /// Switches per operation; nil where they were not counted.
        package var switches: Double?
        /// System calls per operation; nil where they were not counted.
        package var systemCalls: Double?
        /// What limits the figure, or is to be known of it; empty for most.
        package var remark: String
    }

    /// The workload, and what its parameters vary, such as `echo-idle idle=1000`; unique in a report.
    package var label: String
    /// The workload's name.
    package var workload: String
    /// The kind of load; nil for a workload that belongs to none.
    package var load: LoadKind?
    /// The parameters, `name=value;...`.
    package var parameters: String
    /// The metric's name.
    package var metric: String
    /// The metric's unit.
    package var unit: String
    /// The schedulers, best first, and then those without a figure.
    package var rows: [Row]
    /// Why: sentences on switches and system calls by cause.
    package var causes: [String]
    /// What the run could not have seen, in sentences.
    package var blindness: [String]
}
