// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The processes of a cell, and what they say about a metric.
struct CellSample: Sendable {
    private let status: TrialStatus
    /// Those with figures.
    let processes: [ProcessFigures]
    private let rounds: [Int]
    private let metrics: [Metric]
    /// Of the wait times of all processes.
    private let waits: [Metric: Double]
    private let operations: Int
    private let stopping: Stopping
    private let resolution: Resolution?
    /// The figures of the counting trial.
    private let counts: [Measure]

    /// - Parameter counted: the records of the cell's counting trials; those without figures add nothing.
    init(
        _ measured: [(record: TrialRecord, figures: ProcessFigures)],
        counted: [TrialRecord],
        _ stopping: Stopping,
        _ resolution: Resolution?
    ) {
        self.stopping = stopping.asOf(round: measured.map(\.record.trial.round).max() ?? 0)
        self.resolution = resolution
        status = measured.first { $0.record.status != .ok }?.record.status ?? .ok
        let good = measured.filter(\.record.status.hasFigures)
        processes = good.map(\.figures)
        rounds = good.map(\.record.trial.round)
        operations = good.first?.record.operations ?? 0
        let histograms: [String: LatencyHistogram] = processes.reduce(into: [:]) { merged, process in
            for (series, histogram) in process.histograms {
                merged[series, default: LatencyHistogram()].merge(histogram)
            }
        }
        waits = WaitMetric.values(of: histograms)
        metrics = (processes.flatMap(\.measures).map(\.metric) + WaitMetric.metrics(of: histograms)).unique
        let own = metrics
        counts = counted.last(where: \.status.hasFigures)?.measures.filter { !own.contains($0.metric) } ?? []
    }

    /// A row per metric; a single one where a trial failed.
    ///
    /// - Parameter reference: the sample of the cell that it is compared with, and that cell.
    func rows(of cell: Cell, against reference: (cell: Cell, sample: CellSample)?, _ speed: JudgedSpeed) -> [ResultRow]
    {
        guard status.hasFigures else {
            return [ResultRow(cell: cell, metric: cell.metric, figures: nil, status: status)]
        }
        return metrics.compactMap { metric in
            let isPrimary = metric == cell.metric
            let isFast = isPrimary && speed.isFull(of: cell)
            guard var figures = figures(metric, isFast: isFast) else { return nil }
            if let (other, sample) = reference {
                figures.comparison = comparison(metric, primary: cell.metric, sample)
                let isFast = isPrimary && speed.isFull(of: other)
                figures.isReferenceBelowResolution = sample.isBelowResolution(metric, isFast: isFast)
            }
            return ResultRow(cell: cell, metric: metric, figures: figures, status: status)
        } + counts.map { ResultRow(cell: cell, metric: $0.metric, figures: Self.figures($0), status: status) }
    }

    /// Those of a single process.
    private static func figures(_ count: Measure) -> ResultRow.Figures {
        ResultRow.Figures(processes: 1, value: count.value, range: Interval(low: count.value, high: count.value))
    }

    /// The values at full speed, or those over everything.
    private func values(_ metric: Metric, isFast: Bool) -> [Double] {
        if isFast { return processes.compactMap(\.fast) }
        // What did not happen in a process was not counted there.
        let missing = metric.isCount ? 0.0 : nil
        return processes.compactMap { $0.value(of: metric) ?? missing }
    }

    /// Compares the processes with others'; nil where one has no figures, or the metric no better direction.
    func comparison(_ metric: Metric, primary: Metric, _ reference: CellSample) -> Comparison? {
        guard metric.direction != .info, !metric.isLongest else { return nil }
        return ProcessFigures.comparison(of: metric, primary: primary, byRound, to: reference.byRound, stopping)
    }

    private var byRound: [Int: ProcessFigures] {
        Dictionary(zip(rounds, processes)) { _, later in later }
    }

    /// The figure over all processes; of a wait, the percentile of all waits together: percentiles are not averaged.
    private func figure(_ metric: Metric, isFast: Bool) -> Double? {
        waits[metric] ?? Self.mean(values(metric, isFast: isFast), metric)
    }

    private func isBelowResolution(_ metric: Metric, isFast: Bool) -> Bool {
        guard let resolution, let figure = figure(metric, isFast: isFast) else { return false }
        let isWait = waits[metric] != nil
        return resolution.hides(figure, of: metric, isWait: isWait, operations: operations)
    }

    /// The figures of a metric, without a comparison.
    private func figures(_ metric: Metric, isFast: Bool) -> ResultRow.Figures? {
        let values = values(metric, isFast: isFast)
        let merged = waits[metric]
        guard let value = figure(metric, isFast: isFast), let least = values.min() ?? merged,
            let most = values.max() ?? merged
        else { return nil }
        let shares = processes.compactMap(\.fullSpeedShare)
        return ResultRow.Figures(
            processes: max(values.count, merged == nil ? 0 : processes.count),
            value: value,
            interval: interval(values, metric),
            range: Interval(low: least, high: most),
            fullSpeedShare: isFast ? shares.reduce(0, +) / Double(max(shares.count, 1)) : nil,
            isBelowResolution: isBelowResolution(metric, isFast: isFast)
        )
    }

    /// Counts may be zero, and only explain: their mean is the plain one.
    private static func isLogarithmic(_ values: [Double], _ metric: Metric) -> Bool {
        metric.direction != .info && values.allSatisfy { $0 > 0 }
    }

    private static func mean(_ values: [Double], _ metric: Metric) -> Double? {
        guard isLogarithmic(values, metric) else { return TrimmedMean(of: values)?.mean }
        return TrimmedMean(of: values.map { log($0) }).map { exp($0.mean) }
    }

    private func interval(_ values: [Double], _ metric: Metric) -> Interval? {
        // The longest wait of a process says nothing about that of another.
        guard !metric.isLongest else { return nil }
        guard Self.isLogarithmic(values, metric) else { return TrimmedMean(of: values)?.interval(stopping) }
        return TrimmedMean(of: values.map { log($0) })?.interval(stopping).map {
            Interval(low: exp($0.low), high: exp($0.high))
        }
    }
}

extension Metric {
    fileprivate var isCount: Bool { unit == "per-operation" }
    fileprivate var isLongest: Bool { name.hasSuffix("-max") }
}
