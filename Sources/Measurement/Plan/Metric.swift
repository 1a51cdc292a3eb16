// SPDX-License-Identifier: Apache-2.0

/// A metric: its name in the results, its unit, and which direction is better.
package struct Metric: Sendable, Hashable, Codable {
    /// Which values are better.
    package enum Direction: String, Sendable, Codable {
        /// Lower is better.
        case lower
        /// Higher is better.
        case higher
        /// Neither: the metric explains others.
        case info
    }

    /// The `metric` column, such as `round-trip`.
    package let name: String
    /// The `unit` column, such as `ns`.
    package let unit: String
    /// The `direction` column.
    package let direction: Direction

    /// Creates a metric; prefer those declared below.
    package init(name: String, unit: String, direction: Direction) {
        self.name = name
        self.unit = unit
        self.direction = direction
    }

    /// The time per operation of a workload.
    package static func time(_ name: String) -> Metric { Metric(name: name, unit: "ns", direction: .lower) }

    /// The memory per operation of a workload.
    package static func memory(_ name: String) -> Metric { Metric(name: name, unit: "bytes", direction: .lower) }

    /// A count per operation.
    package static func count(_ name: String) -> Metric { Metric(name: name, unit: "per-operation", direction: .info) }

    /// Operations per second.
    package static let throughput = Metric(name: "throughput", unit: "ops/s", direction: .higher)
    /// Requests completed per second.
    package static let requestsPerSecond = Metric(name: "requests-per-second", unit: "ops/s", direction: .higher)

    /// A percentile of recorded wait times, such as `latency-p99.9`.
    package static func percentile(_ percent: Double, of series: String) -> Metric {
        let text = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
        return Metric(name: "\(series)-p\(text)", unit: "ns", direction: .lower)
    }

    /// Whether the machine's speed acts on it, wholly or in part: it is a time or a rate.
    package var dependsOnSpeed: Bool { isRate || unit == "ns" }

    /// Whether it counts operations in a second.
    var isRate: Bool { unit == "ops/s" }

    /// Whether it is a percentile of recorded wait times.
    var isPercentile: Bool {
        guard let dash = name.lastIndex(of: "-"), dash > name.startIndex else { return false }
        let last = name[dash...].dropFirst()
        return last.first == "p" && last.count > 1 && last.dropFirst().allSatisfy { $0.isNumber || $0 == "." }
    }

    /// The longest recorded wait time.
    package static func longest(of series: String) -> Metric {
        Metric(name: "\(series)-max", unit: "ns", direction: .lower)
    }

    /// The time of arming and cancelling a deadline: the difference of two loops, per iteration.
    package static let armAndCancel = time("arm-cancel")
    /// Lines of code of what a workload compares.
    package static let linesOfCode = Metric(name: "lines-of-code", unit: "lines", direction: .info)
    /// Processor time per operation of the measured process, of which a load generator is no part.
    package static let cpuTime = Metric(name: "cpu-time", unit: "ns", direction: .lower)
    /// The same of a server, where it is a headline: the generator may be what limits its time per operation.
    package static let serverTime = Metric(name: "server-cpu-time", unit: "ns", direction: .lower)
    /// The share of the time in which the load generator's process ran.
    package static let generatorBusy = Metric(name: "generator-busy", unit: "share", direction: .info)
    /// The peak resident set size of the trial.
    package static let peakMemory = Metric(name: "peak-memory", unit: "bytes", direction: .lower)
    /// Channel and scheduler operations that completed without a switch, per operation of the workload.
    package static let noSwitch = count("no-switch")
    /// System calls counted by the scheduler, per operation; or, where that does not count them, by a counting trial.
    package static let systemCalls = count("syscalls")
    /// Kernel context switches because a thread blocked, per operation.
    package static let voluntarySwitches = count("context-switches-voluntary")
    /// Kernel context switches because a thread was preempted, per operation.
    package static let involuntarySwitches = count("context-switches-involuntary")
    /// Page faults per operation.
    package static let pageFaults = count("page-faults")
    /// Requests for memory per operation; see ``Trial/counts``.
    package static let allocations = count("allocations")
    /// The bytes of memory that were asked for, per operation.
    package static let allocatedBytes = Metric(name: "allocated-bytes", unit: "bytes", direction: .info)
    /// How long threads were ready to run and did not, per operation.
    package static let runQueueWait = Metric(name: "run-queue-wait", unit: "ns", direction: .info)
    /// Events that the processor counts, per operation.
    package static func event(_ event: HardwareCounters.Event) -> Metric { count(event.rawValue) }

    /// Switches by one switching mechanism, per operation.
    package static func switches(_ mechanism: String) -> Metric { count("switches-\(mechanism)") }
    /// Switches for one reason, per operation.
    package static func switches(by cause: String) -> Metric { count("switches-by-\(cause)") }
    /// Switches by one mechanism for one reason, per operation.
    package static func switches(_ mechanism: String, by cause: String) -> Metric {
        count("switches-\(mechanism)-by-\(cause)")
    }
    /// System calls of one name, counted as ``systemCalls`` are.
    package static func systemCalls(_ name: String) -> Metric { count("syscalls-\(name)") }
}

/// A value of a metric.
package struct Measure: Sendable, Equatable, Codable {
    /// What was measured.
    package let metric: Metric
    /// The value, in the metric's unit.
    package let value: Double

    /// Creates a measure.
    package init(_ metric: Metric, _ value: Double) {
        self.metric = metric
        self.value = value
    }
}
