// SPDX-License-Identifier: Apache-2.0

/// What a comparison allows to say.
package enum Verdict: String, Sendable, Codable {
    /// The cells differ, by more than what is negligible.
    case different
    /// If the cells differ, then by less than what is worth talking about.
    case negligible
    /// The scatter is too large to tell.
    case undecided
    /// There are too few processes to tell anything.
    case unknown
    /// One of the figures is below what can be measured: see ``Resolution``.
    case belowResolution = "below-resolution"

    /// Judges a comparison.
    ///
    /// - Parameters:
    ///   - corrected: its p-value, corrected for all comparisons that are made together.
    ///   - threshold: the ratio above 1, or its inverse below, up to which a difference is negligible.
    package init(_ comparison: Comparison, corrected: Double?, threshold: Double = Self.threshold) {
        self.init(comparison.interval, corrected: corrected, threshold: threshold)
    }

    /// Judges a comparison by its interval, which may allow for others that are made together with it; nil for too few
    /// processes.
    package init(_ interval: Interval?, corrected: Double?, threshold: Double = Self.threshold) {
        guard let interval, let corrected else {
            self = .unknown
            return
        }
        if interval.low >= 1 / threshold && interval.high <= threshold {
            self = .negligible
        } else {
            self = corrected < 0.05 ? .different : .undecided
        }
    }

    /// Differences up to 1 % are negligible: nobody chooses a scheduler for less.
    package static let threshold = 1.01
}
