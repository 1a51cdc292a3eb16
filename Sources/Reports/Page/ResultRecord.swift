// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues

/// A row of `results.csv` in `results.json`, with the same digits.
///
/// What a row does not have is left out.
struct ResultRecord: Encodable {
    /// Whether a report shows the row first.
    let isHeadline: Bool
    /// The column `workload`.
    let workload: String
    /// The column `parameters`, by name.
    let parameters: [String: ParameterValue]
    /// The column `backend`.
    let backend: String
    /// The column `switching`.
    let switching: String
    /// The column `cpus`.
    let cpus: String
    /// The column `metric`.
    let metric: String
    /// The column `unit`.
    let unit: String
    /// The column `direction`.
    let direction: Metric.Direction
    /// The column `status`.
    let status: TrialStatus
    /// The column `build`.
    let build: String?
    /// The column `workers`.
    let workers: Int
    /// The column `rounds`: the processes that have a value.
    let processes: Int?
    /// The figure: the column `median`.
    let value: Double?
    /// The columns `ci_low` and `ci_high`.
    let interval: Interval?
    /// The columns `min` and `max`.
    let range: Interval?
    /// The column `ratio`.
    let ratio: Double?
    /// The columns `ratio_low` and `ratio_high`.
    let ratioInterval: Interval?
    /// The column `p_corrected`.
    let correctedProbability: Double?
    /// The column `verdict`.
    let verdict: Verdict?
    /// The column `smallest_effect`.
    let smallestEffect: Double?
    /// The column `full_speed`.
    let fullSpeedShare: Double?
    /// The column `resolution`; nil without a figure.
    let isBelowResolution: Bool?

    /// Takes what `results.csv` has of a row.
    init(_ row: ResultRow) {
        let figures = row.figures
        let comparison = figures?.comparison
        isHeadline = row.isHeadline
        workload = row.cell.workload
        parameters = row.cell.parameters
        backend = row.cell.backend
        switching = row.cell.switching
        cpus = row.cell.cpus
        metric = row.metric.name
        unit = row.metric.unit
        direction = row.metric.direction
        status = row.status
        build = row.cell.build
        workers = row.cell.workers ?? 1
        processes = figures?.processes
        value = figures.map { Self.written($0.value) }
        interval = figures?.interval.map(Self.written)
        range = figures.map { Self.written($0.range) }
        ratio = comparison.map { Self.written($0.ratio) }
        ratioInterval = comparison?.interval.map(Self.written)
        correctedProbability = figures?.corrected.map(Self.written)
        verdict = figures?.verdict
        smallestEffect = comparison?.smallestEffect.map(Self.written)
        fullSpeedShare = figures?.fullSpeedShare.map(Self.written)
        isBelowResolution = figures?.isBelowResolution
    }

    /// The number that `results.csv` has.
    private static func written(_ value: Double) -> Double { Double(Figure.plain(value)) ?? value }

    private static func written(_ interval: Interval) -> Interval {
        Interval(low: written(interval.low), high: written(interval.high))
    }
}
