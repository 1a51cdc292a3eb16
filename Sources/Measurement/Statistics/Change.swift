// SPDX-License-Identifier: Apache-2.0

/// How a metric of a cell changed from one run to another.
package struct Change: Sendable, Equatable {
    /// What a change means for a user.
    package enum Verdict: Sendable, CaseIterable {
        /// It is worse, certainly, and by more than the threshold as far as can be told.
        case worse
        /// It is better, in the same sense.
        case better
        /// If it changed, then by less than the threshold.
        case negligible
        /// The scatter is too large to tell, or the change is significant and may be below the threshold.
        case undecided
        /// There are too few processes to tell anything.
        case unknown
        /// One of the figures is below what could be measured; see ``Resolution``.
        case belowResolution
    }

    /// The ratio of the new values to the old ones; nil where a run has no values.
    package let comparison: CrossRunComparison?
    /// The verdict.
    package let verdict: Verdict

    /// A comparison of figures of which one is below what could be measured.
    init(belowResolution comparison: CrossRunComparison?) {
        self.comparison = comparison
        verdict = .belowResolution
    }

    /// Judges a comparison.
    ///
    /// - Parameters:
    ///   - corrected: its p-value, corrected for all comparisons that are made together.
    ///   - threshold: the ratio above 1, or its inverse below, up to which a change is negligible.
    init(_ comparison: CrossRunComparison?, corrected: Double?, direction: Metric.Direction, threshold: Double) {
        self.comparison = comparison
        guard let comparison, let interval = comparison.interval, let corrected else {
            verdict = .unknown
            return
        }
        let negligible = Interval(low: 1 / threshold, high: threshold)
        if negligible.contains(interval.low) && negligible.contains(interval.high) {
            verdict = .negligible
        } else if corrected < 0.05 && !comparison.ratios.contains(where: negligible.contains) {
            verdict = (comparison.ratio > 1) == (direction == .higher) ? .better : .worse
        } else {
            verdict = .undecided
        }
    }
}
