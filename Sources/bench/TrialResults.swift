// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import Tasklets
import Workloads

/// From the readings of a trial's runs to its figures.
struct TrialResults {
    /// How many operations one run performs.
    let operations: Int
    /// The workload's own figure of every run, to five digits.
    let samples: [Double]
    /// The figures of the trial.
    let measures: [Measure]
    /// The mechanism that most switches used.
    ///
    /// Nil where nothing switched.
    let mechanism: Switching?

    init(_ workload: Workload, _ readings: [RunReading], operations: Int) {
        self.operations = operations
        let values = readings.map { Self.value(of: workload.quantity, $0, operations: operations) }
        samples = values.map { Figure.rounded($0, digits: 5) }
        let counts = readings.reduce(SwitchCounts()) { $0 + $1.counters }
        mechanism = counts.mechanism
        let total = Double(operations * readings.count)
        measures = Self.own(workload, values) + Self.kernel(readings, total) + counts.measures(operations: total)
    }

    private static func value(of quantity: Quantity, _ reading: RunReading, operations: Int) -> Double {
        switch quantity {
        case .time: Double(reading.elapsed) / Double(operations)
        case .memory: Double(reading.memory ?? 0) / Double(operations)
        }
    }

    /// The median over the runs is the trial's figure.
    private static func own(_ workload: Workload, _ values: [Double]) -> [Measure] {
        guard let median = Statistics.median(values) else { return [] }
        let own = Measure(workload.cellMetric, median)
        guard workload.quantity == .time, median > 0 else { return [own] }
        return [own, Measure(.throughput, 1e9 / median)]
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
