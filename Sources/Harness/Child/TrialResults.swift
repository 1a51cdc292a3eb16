// SPDX-License-Identifier: Apache-2.0

import Measurement
import Tasklets
import Workloads

/// The figures of a trial, from the readings of its runs.
struct TrialResults {
    /// The operations of one run.
    let operations: Int
    /// How many runs there were.
    let runs: Int
    /// The figures of the trial.
    let measures: [Measure]
    /// The wait times of all runs together.
    let histograms: [String: LatencyHistogram]
    /// The mechanism of most switches; nil without switches.
    let mechanism: Switching?

    /// - Parameter counting: whether it was a counting trial, which has no other figures than what it counted.
    init(_ workload: Workload, _ readings: [RunReading], operations: Int, counting: Bool = false) {
        self.operations = operations
        runs = readings.count
        histograms = Self.histograms(readings)
        let counts = readings.reduce(SwitchCounts()) { $0 + $1.counters }
        mechanism = counts.mechanism
        let total = Double(operations * readings.count)
        guard !counting else {
            measures = Self.events(readings, total, systemCalls: !counts.hasSystemCalls)
            return
        }
        measures =
            Self.primary(workload, readings, total) + Self.notes(readings)
            + Self.kernel(readings, total, isServer: workload.isServer)
            + Self.load(readings) + counts.measures(operations: total)
    }

    /// - Parameters:
    ///   - peer: the readings of a peer's turns, each of one or more runs.
    ///   - peakMemory: that of its process, in bytes.
    init(ofPeer workload: Workload, _ readings: [RunReading], runs: Int, operations: Int, peakMemory: UInt64?) {
        self.operations = operations
        self.runs = runs
        histograms = Self.histograms(readings)
        mechanism = nil
        let total = Double(operations * max(1, runs))
        // What a peer does outside the timed region, only a server does not do meanwhile.
        let time = Double(readings.compactMap(\.usage).map(\.cpuTime).reduce(0, +)) / total
        measures =
            Self.primary(workload, readings, total) + Self.notes(readings)
            + (workload.isServer ? [Metric.cpuTime, .serverTime].map { Measure($0, time) } : [])
            + Self.load(readings) + (peakMemory.map { [Measure(.peakMemory, Double($0))] } ?? [])
    }

    private static func histograms(_ readings: [RunReading]) -> [String: LatencyHistogram] {
        let waits = readings.reduce(into: [:]) { $0.merge($1.waits) { $0.merged(with: $1) } }
        return Dictionary(uniqueKeysWithValues: waits.map { ($0.key.rawValue, $0.value) })
    }

    private static func events(_ readings: [RunReading], _ operations: Double, systemCalls: Bool) -> [Measure] {
        readings.compactMap(\.events).reduce(ProcessEvents(), +)
            .measures(operations: operations, systemCalls: systemCalls)
    }

    /// How busy the load generator was; nothing without one.
    private static func load(_ readings: [RunReading]) -> [Measure] {
        let load = readings.reduce(0) { $0 + $1.loadTime }
        let elapsed = readings.reduce(0) { $0 + $1.elapsed }
        guard load > 0, elapsed > 0 else { return [] }
        return [Measure(.generatorBusy, Double(load) / Double(elapsed))]
    }

    /// The mean over everything, at whatever speed; wait times are in the histograms.
    private static func primary(_ workload: Workload, _ readings: [RunReading], _ operations: Double) -> [Measure] {
        switch workload.quantity {
        case .time:
            let mean = Double(readings.map(\.elapsed).reduce(0, +)) / operations
            let rate = workload.operation == "request" ? Metric.requestsPerSecond : .throughput
            return [Measure(workload.primaryMetric, mean)] + (mean > 0 ? [Measure(rate, 1e9 / mean)] : [])
        case .memory:
            let bytes = Double(readings.compactMap(\.memory).reduce(0, +)) / operations
            return [Measure(workload.primaryMetric, bytes)]
        case .waits: return []
        }
    }

    /// The medians over the runs of the workload's own figures.
    private static func notes(_ readings: [RunReading]) -> [Measure] {
        NamedFigure.allCases.compactMap { figure in
            Statistics.median(readings.compactMap { $0.notes[figure] }).map { Measure(figure.metric, $0) }
        }
    }

    private static func kernel(_ readings: [RunReading], _ operations: Double, isServer: Bool) -> [Measure] {
        let usages = readings.compactMap(\.usage)
        func perOperation(_ count: (ProcessUsage) -> UInt64) -> Double {
            Double(usages.map(count).reduce(0, +)) / operations
        }
        return (isServer ? [Metric.cpuTime, .serverTime] : [.cpuTime]).map { Measure($0, perOperation(\.cpuTime)) } + [
            Measure(.voluntarySwitches, perOperation(\.voluntarySwitches)),
            Measure(.involuntarySwitches, perOperation(\.involuntarySwitches)),
            Measure(.pageFaults, perOperation { $0.minorFaults + $0.majorFaults }),
        ] + (ProcessMemory.peakResident().map { [Measure(.peakMemory, Double($0))] } ?? [])
    }
}

extension LatencyHistogram {
    fileprivate func merged(with other: LatencyHistogram) -> LatencyHistogram {
        var all = self
        all.merge(other)
        return all
    }
}

extension NamedFigure {
    fileprivate var metric: Metric {
        switch self {
        case .armAndCancel: .armAndCancel
        case .requestsPerSecond: .requestsPerSecond
        case .linesOfCode: .linesOfCode
        case .progress: Metric(name: rawValue, unit: "ops/s", direction: .higher)
        }
    }
}
