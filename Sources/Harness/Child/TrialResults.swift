// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import Tasklets
import Workloads

/// The figures of a trial, from the readings of its runs.
struct TrialResults {
    /// The operations of one run.
    let operations: Int
    /// The primary metric of every run, to five digits.
    let samples: [Double]
    /// The figures of the trial.
    let measures: [Measure]
    /// The wait times of all runs together.
    let histograms: [String: LatencyHistogram]
    /// The mechanism of most switches; nil without switches.
    let mechanism: Switching?

    init(_ workload: Workload, _ readings: [RunReading], operations: Int) {
        self.operations = operations
        let values = readings.map { Self.value(of: workload.quantity, $0, operations: operations) }
        let waits = readings.reduce(into: [:]) { $0.merge($1.waits) { $0.merged(with: $1) } }
        histograms = Dictionary(uniqueKeysWithValues: waits.map { ($0.key.rawValue, $0.value) })
        samples = values.map { Figure.rounded($0, digits: 5) }
        let counts = readings.reduce(SwitchCounts()) { $0 + $1.counters }
        mechanism = counts.mechanism
        let total = Double(operations * readings.count)
        measures =
            Self.primary(workload, values) + Self.percentiles(waits) + Self.notes(readings)
            + Self.kernel(readings, total)
            + counts.measures(operations: total)
    }

    private static func value(of quantity: Quantity, _ reading: RunReading, operations: Int) -> Double {
        switch quantity {
        case .time: Double(reading.elapsed) / Double(operations)
        case .memory: Double(reading.memory ?? 0) / Double(operations)
        case .waits(let series): Double(reading.waits[series]?.percentile(50) ?? 0)
        }
    }

    /// The median over the runs; that of wait times is among their percentiles.
    private static func primary(_ workload: Workload, _ values: [Double]) -> [Measure] {
        guard let median = Statistics.median(values) else { return [] }
        switch workload.quantity {
        case .time where median > 0:
            let rate = workload.operation == "request" ? Metric.requestsPerSecond : .throughput
            return [Measure(workload.primaryMetric, median), Measure(rate, 1e9 / median)]
        case .time, .memory: return [Measure(workload.primaryMetric, median)]
        case .waits: return []
        }
    }

    private static let percents = [50, 90, 99, 99.9]

    private static func percentiles(_ waits: [Series: LatencyHistogram]) -> [Measure] {
        Series.allCases.flatMap { series -> [Measure] in
            guard let histogram = waits[series] else { return [] }
            return percents.map { percent in
                Measure(.percentile(percent, of: series.rawValue), Double(histogram.percentile(percent)))
            } + [Measure(.longest(of: series.rawValue), Double(histogram.max))]
        }
    }

    /// The medians over the runs of the workload's own figures.
    private static func notes(_ readings: [RunReading]) -> [Measure] {
        NamedFigure.allCases.compactMap { figure in
            Statistics.median(readings.compactMap { $0.notes[figure] }).map { Measure(figure.metric, $0) }
        }
    }

    private static func kernel(_ readings: [RunReading], _ operations: Double) -> [Measure] {
        let usages = readings.compactMap(\.usage)
        func perOperation(_ count: (ProcessUsage) -> UInt64) -> Double {
            Double(usages.map(count).reduce(0, +)) / operations
        }
        return [
            Measure(.cpuTime, perOperation(\.cpuTime)),
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
        case .armAndCancel: .time(rawValue)
        case .requestsPerSecond: .requestsPerSecond
        case .progress: Metric(name: rawValue, unit: "ops/s", direction: .higher)
        }
    }
}
