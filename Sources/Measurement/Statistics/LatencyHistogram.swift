// SPDX-License-Identifier: Apache-2.0

internal import Histogram

/// A histogram of wait times with three significant digits over its whole range.
///
/// HdrHistogram merges without loss: percentiles are read from merged histograms, never averaged.
package struct LatencyHistogram: Sendable, Equatable {
    private var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

    /// Creates an empty histogram.
    package init() {}

    /// The number of recorded waits.
    package var count: UInt64 { histogram.totalCount }

    /// The longest wait, in nanoseconds.
    package var max: UInt64 { histogram.totalCount == 0 ? 0 : histogram.max }

    /// Records a wait time in nanoseconds.
    package mutating func record(_ nanoseconds: UInt64) { record(nanoseconds, count: 1) }

    private mutating func record(_ nanoseconds: UInt64, count: UInt64) {
        // No trial lasts an hour; without the bound, one bad value would make the histogram allocate gigabytes.
        _ = histogram.record(min(nanoseconds, 3_600_000_000_000), count: count)
    }

    /// Adds all waits of another histogram.
    package mutating func merge(_ other: LatencyHistogram) {
        for step in other.histogram.recordedValues() { record(step.value, count: step.count) }
    }

    /// The wait time that `percent` per cent of all waits do not exceed, in nanoseconds.
    package func percentile(_ percent: Double) -> UInt64 {
        histogram.totalCount == 0 ? 0 : histogram.valueAtPercentile(percent)
    }

    /// The percentile distribution in the text format of HdrHistogram's tools (`.hgrm`), in microseconds.
    package var percentileDistribution: String {
        var text = ""
        histogram.outputPercentileDistribution(to: &text, outputValueUnitScalingRatio: 1_000)
        return text
    }
}

// Encoded as alternating values and counts.
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
