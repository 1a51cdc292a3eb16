// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The figures of one process, from its record.
package struct ProcessFigures: Sendable {
    /// The primary metric, a time per operation, from the turns at full speed; nil where there are none, and for a
    /// workload whose primary metric is something else.
    package let fast: Double?
    /// The figures over everything that it ran.
    package let measures: [Measure]
    /// The wait times by series.
    package let histograms: [String: LatencyHistogram]
    /// The percentiles and the longest of the wait times, in nanoseconds.
    private let waits: WaitValues
    /// The share of its turns at full speed; nil without turns.
    package let fullSpeedShare: Double?
    /// The mean yardstick of the turns at full speed, in nanoseconds; nil without any.
    private let fastYardstick: Double?
    /// That of all turns.
    private let yardstick: Double?

    /// Takes the figures from a record.
    package init(_ record: TrialRecord, _ speed: FullSpeed?) {
        measures = record.measures
        histograms = record.histograms
        waits = WaitValues(of: record.histograms)
        let fast = record.turns.filter { speed?.contains($0) ?? true }
        fullSpeedShare = record.turns.isEmpty ? nil : Double(fast.count) / Double(record.turns.count)
        fastYardstick = fast.meanYardstick
        yardstick = record.turns.meanYardstick
        let metric = record.observed.metric
        let isTimed = metric.unit == "ns" && record.measures.contains { $0.metric == metric }
        self.fast = isTimed ? Self.geometricMean(fast, operations: record.operations) : nil
    }

    /// The values of all metrics over everything that it ran, but of the primary one at full speed.
    ///
    /// - Parameter isFast: whether the processes of its cell are judged by that (see ``JudgedSpeed``); without, the
    ///   primary metric is that over everything, too.
    package func all(primary: Metric, isFast: Bool) -> [Measure] {
        (measures.map(\.metric) + WaitMetric.metrics(of: histograms)).compactMap { metric in
            (metric == primary && isFast ? fast : value(of: metric)).map { Measure(metric, $0) }
        }
    }

    /// How long the yardstick took on average in the turns from which ``all(primary:isFast:)`` takes the value of a
    /// metric, in nanoseconds; nil for a process without such turns.
    package func yardstick(of metric: Metric, primary: Metric, isFast: Bool) -> Double? {
        metric == primary && isFast ? fastYardstick : yardstick
    }

    /// Whether enough processes of a cell have a value at full speed to judge the cell by those: three, or all of fewer.
    ///
    /// A mean over everything has more processes behind it, but depends on how much of it was slow.
    static func areFast(_ processes: [ProcessFigures]) -> Bool {
        let fast = processes.count { $0.fast != nil }
        return fast > 0 && fast >= min(processes.count, TrimmedMean.fewest)
    }

    /// Half of the rounds, or eight; but three, if there are as many.
    ///
    /// The ratio of two that took turns hardly depends on the speed, so more rounds are worth more than full speed.
    private static func areEnough(_ fast: Int, of all: Int) -> Bool {
        fast > 0 && fast >= min(all, max(TrimmedMean.fewest, min(8, (all + 1) / 2)))
    }

    /// The value of a metric over everything that it ran; nil where it does not have the metric.
    package func value(of metric: Metric) -> Double? {
        if let measure = measures.first(where: { $0.metric == metric }) { return measure.value }
        return waits.all[metric]
    }

    /// Compares the processes of two cells, by round.
    ///
    /// At full speed where enough rounds have that for both: not one process at full speed with another that was not.
    static func comparison(
        of metric: Metric,
        primary: Metric,
        _ own: [Int: ProcessFigures],
        to reference: [Int: ProcessFigures],
        _ stopping: Stopping
    ) -> Comparison? {
        let all = Comparison(
            of: own.compactMapValues { $0.value(of: metric) },
            inRoundsOf: reference.compactMapValues { $0.value(of: metric) },
            stopping: stopping
        )
        guard metric == primary,
            let fast = Comparison(
                of: own.compactMapValues(\.fast),
                inRoundsOf: reference.compactMapValues(\.fast),
                stopping: stopping
            ), areEnough(fast.count, of: all?.count ?? 0)
        else { return all }
        return fast
    }

    /// The time per operation, trimmed, because an interrupt that falls into a turn is not the workload's.
    private static func geometricMean(_ turns: [Turn], operations: Int) -> Double? {
        let logarithms = turns.map { log(Double($0.elapsed) / Double($0.runs * max(operations, 1))) }
        return TrimmedMean(of: logarithms.filter(\.isFinite)).map { exp($0.mean) }
    }
}
