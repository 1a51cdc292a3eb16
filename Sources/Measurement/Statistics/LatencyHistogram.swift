// SPDX-License-Identifier: Apache-2.0

internal import Histogram

/// A histogram of wait times with three significant digits over its whole range.
///
/// HdrHistogram merges without loss: percentiles are read from merged histograms, never averaged.
package struct LatencyHistogram: Sendable, Equatable {
    private var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

    /// Creates an empty histogram.
    package init() {}

    /// Creates an empty histogram with room for waits of up to `longest` nanoseconds: making room later takes a
    /// hundred times as long.
    private init(longest: UInt64) {
        histogram = Histogram(highestTrackableValue: Swift.max(longest, 2), numberOfSignificantValueDigits: .three)
        histogram.autoResize = true
    }

    /// The number of recorded waits.
    package var count: UInt64 { histogram.totalCount }

    /// The longest wait, in nanoseconds.
    package var max: UInt64 { histogram.totalCount == 0 ? 0 : histogram.max }

    /// Records a wait time in nanoseconds.
    package mutating func record(_ nanoseconds: UInt64) { record(nanoseconds, count: 1) }

    private mutating func record(_ nanoseconds: UInt64, count: UInt64) {
        _ = histogram.record(min(nanoseconds, Self.longest), count: count)
    }

    /// No trial lasts an hour; without the bound, one bad value would make the histogram allocate gigabytes.
    private static let longest: UInt64 = 3_600_000_000_000

    /// Adds all waits of another histogram.
    package mutating func merge(_ other: LatencyHistogram) {
        if other.max > histogram.highestTrackableValue {
            var larger = LatencyHistogram(longest: other.max)
            larger.histogram.add(histogram)
            self = larger
        }
        histogram.add(other.histogram)
    }

    /// The wait time that `percent` per cent of all waits do not exceed, in nanoseconds.
    package func percentile(_ percent: Double) -> UInt64 { percentiles([percent])[0] }

    /// Several of them, in one pass; their percentages ascend.
    package func percentiles(_ percents: [Double]) -> [UInt64] {
        // Not the longest that is not told apart from it.
        let longest = histogram.valueAtPercentile(100)
        var values: [UInt64] = []
        var seen: UInt64 = 0
        for step in steps {
            seen += step.count
            while values.count < percents.count, seen >= rank(percents[values.count]) {
                values.append(Swift.min(step.value, longest))
            }
        }
        return values + repeatElement(longest, count: percents.count - values.count)
    }

    /// How many waits a percentile takes in, at least one.
    private func rank(_ percent: Double) -> UInt64 {
        // A step down: what rounding adds must not take in another wait.
        Swift.max(1, UInt64((percent.nextDown * Double(count) / 100).rounded(.up)))
    }

    /// The waits that are not told apart, as the longest of them, and how many there are; the shortest first.
    ///
    /// The iterator is compiled into this module, and so for this type. The library's own percentiles and text are not,
    /// and take twenty times as long.
    var steps: [(value: UInt64, count: UInt64)] { histogram.recordedValues().map { ($0.value, $0.count) } }

    /// The middle of the waits that are not told apart from one, in nanoseconds.
    func middle(_ wait: UInt64) -> UInt64 { histogram.medianEquivalentForValue(wait) }
}

// Encoded as alternating values and counts.
extension LatencyHistogram: Codable {
    package init(from decoder: any Decoder) throws {
        var numbers = try decoder.unkeyedContainer()
        var steps: [(value: UInt64, count: UInt64)] = []
        while !numbers.isAtEnd { steps.append((try numbers.decode(UInt64.self), try numbers.decode(UInt64.self))) }
        self.init(longest: Swift.min(steps.map(\.value).max() ?? 0, Self.longest))
        for step in steps { record(step.value, count: step.count) }
    }

    package func encode(to encoder: any Encoder) throws {
        var numbers = encoder.unkeyedContainer()
        for step in steps {
            try numbers.encode(step.value)
            try numbers.encode(step.count)
        }
    }
}
