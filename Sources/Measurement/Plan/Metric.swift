// SPDX-License-Identifier: Apache-2.0

/// What a figure is: its name in the results, its unit, and whether less of it is better.
package struct Metric: Sendable, Hashable, Codable {
    /// Which way is better.
    package enum Direction: String, Sendable, Codable {
        /// Less is better.
        case lower
        /// More is better.
        case higher
        /// Neither: it explains the other figures.
        case info
    }

    /// As in the `metric` column: `round-trip`.
    package let name: String
    /// As in the `unit` column: `ns`.
    package let unit: String
    /// As in the `direction` column.
    package let direction: Direction

    /// Creates a metric; prefer the ones declared here.
    package init(name: String, unit: String, direction: Direction) {
        self.name = name
        self.unit = unit
        self.direction = direction
    }

    /// The time that one operation of a workload takes.
    package static func time(_ name: String) -> Metric { Metric(name: name, unit: "ns", direction: .lower) }

    /// The memory that one operation of a workload holds.
    package static func memory(_ name: String) -> Metric { Metric(name: name, unit: "bytes", direction: .lower) }

    /// Something counted, per operation.
    package static func count(_ name: String) -> Metric { Metric(name: name, unit: "per-operation", direction: .info) }

    /// Operations in a second.
    package static let throughput = Metric(name: "throughput", unit: "ops/s", direction: .higher)
    /// Requests answered in a second.
    package static let requestsPerSecond = Metric(name: "requests-per-second", unit: "ops/s", direction: .higher)

    /// A percentile of recorded waits: `latency-p99.9`.
    package static func percentile(_ percent: Double, of series: String) -> Metric {
        let text = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
        return Metric(name: "\(series)-p\(text)", unit: "ns", direction: .lower)
    }

    /// The longest of recorded waits.
    package static func longest(of series: String) -> Metric {
        Metric(name: "\(series)-max", unit: "ns", direction: .lower)
    }

    /// Time on a processor, per operation.
    package static let cpuTime = Metric(name: "cpu-time", unit: "ns", direction: .lower)
    /// The largest resident set of the whole trial.
    package static let peakMemory = Metric(name: "peak-memory", unit: "bytes", direction: .lower)
    /// Operations that could have switched and did not, per operation.
    package static let noSwitch = count("no-switch")
    /// System calls that the scheduler counted, per operation.
    package static let systemCalls = count("syscalls")
    /// Times the kernel took a thread off because it waited, per operation.
    package static let voluntarySwitches = count("context-switches-voluntary")
    /// Times the kernel took a thread off because another's turn had come, per operation.
    package static let involuntarySwitches = count("context-switches-involuntary")
    /// Pages touched for the first time, per operation.
    package static let pageFaults = count("page-faults")

    /// Switches by one mechanism, per operation.
    package static func switches(_ mechanism: String) -> Metric { count("switches-\(mechanism)") }
}

/// One figure.
package struct Measure: Sendable, Equatable, Codable {
    /// What it is.
    package let metric: Metric
    /// How much of it, in the metric's unit.
    package let value: Double

    /// Creates a figure.
    package init(_ metric: Metric, _ value: Double) {
        self.metric = metric
        self.value = value
    }
}
