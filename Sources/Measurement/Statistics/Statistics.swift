// SPDX-License-Identifier: Apache-2.0

/// Order statistics.
///
/// They assume no distribution and drop nothing.
package enum Statistics {
    /// The value in the middle, or the mean of the two in the middle.
    ///
    /// Nil of nothing.
    package static func median(_ values: [Double]) -> Double? {
        percentile(50, of: values)
    }

    /// The value below which a percentage of the values lies, interpolated linearly between neighbours.
    ///
    /// Nil of nothing.
    package static func percentile(_ percentage: Double, of values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        return percentile(percentage, ofSorted: values.sorted())
    }

    static func percentile(_ percentage: Double, ofSorted sorted: [Double]) -> Double {
        let position = Double(sorted.count - 1) * min(max(percentage, 0), 100) / 100
        let below = Int(position)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
    }
}

/// A range that holds the true value with a stated confidence.
package struct Interval: Sendable, Equatable, Codable {
    /// The lower end.
    package var low: Double
    /// The upper end.
    package var high: Double

    /// Creates a range from its ends.
    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// Whether a value lies in the range, its ends included.
    package func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// The percentile bootstrap: how far a median might lie elsewhere, judged from the sample alone.
package enum Bootstrap {
    /// The 95 % confidence interval of the median of a few values, one per round.
    ///
    /// Nil of fewer than three: two resampled give no more than their least and most.
    package static func medianInterval(of values: [Double], resamples: Int = 2_000, seed: UInt64 = 1) -> Interval? {
        RoundSamples(rounds: values.count, resamples: resamples, seed: seed)
            .interval { rounds in Statistics.median(rounds.map { values[$0] }) ?? 0 }
    }
}
