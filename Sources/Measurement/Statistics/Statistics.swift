// SPDX-License-Identifier: Apache-2.0

/// Order statistics: they assume no distribution and drop no outliers.
package enum Statistics {
    /// The median; nil for no values.
    package static func median(_ values: [Double]) -> Double? {
        percentile(50, of: values)
    }

    /// A percentile, interpolated linearly between neighbours; nil for no values.
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

/// A confidence interval, or any other closed range of values.
package struct Interval: Sendable, Equatable, Codable {
    /// The lower end.
    package var low: Double
    /// The upper end.
    package var high: Double

    /// Creates an interval from its ends.
    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// Whether a value lies in the interval; the ends do.
    package func contains(_ value: Double) -> Bool { low <= value && value <= high }
}
