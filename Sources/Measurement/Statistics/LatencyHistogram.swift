// SPDX-License-Identifier: Apache-2.0

internal import Histogram

/// How long many waits took, to three digits, whatever their range.
///
/// Kept by HdrHistogram, so that two can be merged without a loss: percentiles are read from merged histograms, never
/// averaged.
package struct LatencyHistogram: Sendable, Equatable {
    private var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

    /// Creates an empty one.
    package init() {}

    /// How many waits it has.
    package var count: UInt64 { histogram.totalCount }

    /// The longest wait, in nanoseconds.
    package var max: UInt64 { histogram.totalCount == 0 ? 0 : histogram.max }

    /// Adds a wait of some nanoseconds.
    package mutating func record(_ nanoseconds: UInt64) { record(nanoseconds, count: 1) }

    private mutating func record(_ nanoseconds: UInt64, count: UInt64) {
        // An hour is more than any trial may take; without a bound, a mistaken value would claim gigabytes.
        _ = histogram.record(min(nanoseconds, 3_600_000_000_000), count: count)
    }

    /// Adds all waits of another one.
    package mutating func merge(_ other: LatencyHistogram) {
        for step in other.histogram.recordedValues() { record(step.value, count: step.count) }
    }

    /// The wait that so many per cent of all do not exceed, in nanoseconds.
    package func percentile(_ percent: Double) -> UInt64 {
        histogram.totalCount == 0 ? 0 : histogram.valueAtPercentile(percent)
    }

    /// The percentile distribution as HdrHistogram's tools write, read and plot it (`.hgrm`), in microseconds.
    package var percentileDistribution: String {
        var text = ""
        histogram.outputPercentileDistribution(to: &text, outputValueUnitScalingRatio: 1_000)
        return text
    }
}

/// Pairs of a value and its count.
extension LatencyHistogram: Codable {
    package init(from decoder: any Decoder) throws {
        var numbers = try decoder.unkeyedContainer()
        while !numbers.isAtEnd { record(try numbers.decode(UInt64.self), count: try numbers.decode(UInt64.self)) }
    }

    package func encode(to encoder: any Encoder) throws {
        var numbers = encoder.unkeyedContainer()
        for step in histogram.recordedValues() {
            try numbers.encode(step.value)
            try numbers.encode(step.count)
        }
    }
}
