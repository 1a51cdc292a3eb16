// SPDX-License-Identifier: Apache-2.0

/// The mean of one value per process, without an eighth of the values at each end, and how far it may be off.
///
/// The values of processes have heavy tails: now and then a process has an unlucky memory layout, and then all of its
/// turns are slow. Trimming keeps a few of those from deciding the mean. Below eight values nothing is trimmed.
///
/// The standard error is that of Yuen, "The Two-Sample Trimmed t for Unequal Population Variances", Biometrika 61
/// (1974): from the values in which the trimmed ones are replaced by their neighbours.
package struct TrimmedMean: Sendable, Equatable {
    /// How many values there were.
    package let count: Int
    /// The mean of the values that are left.
    package let mean: Double
    /// The square of the standard error of the mean; nil for a single value.
    let squaredError: Double?
    /// The degrees of freedom of the standard error.
    let freedom: Double

    /// Computes the mean; returns nil for no values.
    package init?(of values: [Double]) {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let trimmed = sorted.count / 8
        let kept = sorted[trimmed..<(sorted.count - trimmed)]
        count = sorted.count
        mean = kept.reduce(0, +) / Double(kept.count)
        freedom = Double(kept.count - 1)
        guard sorted.count > 1 else {
            squaredError = nil
            return
        }
        let ends = kept[kept.startIndex]...kept[kept.endIndex - 1]
        squaredError = Self.squaredDeviations(sorted.map { $0.clamped(to: ends) }) / (Double(kept.count) * freedom)
    }

    private static func squaredDeviations(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }

    /// The 95 % confidence interval of the mean; nil for fewer than three values.
    package func interval(_ stopping: Stopping = .planned) -> Interval? {
        guard count >= Self.fewest, let squaredError else { return nil }
        let reach = StudentT.quantile(1 - stopping.plannedError / 2, freedom: freedom) * squaredError.squareRoot()
        return Interval(low: mean - reach, high: mean + reach)
    }

    /// Two values give an interval that is right and of no use: 25 times as wide as their distance.
    static let fewest = 3
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
