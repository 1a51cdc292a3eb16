// SPDX-License-Identifier: Apache-2.0

import Glibc
internal import SeededRandom

/// Bootstrap resamples of a run's rounds, drawn with replacement.
///
/// The bootstrap resamples whole rounds, because rounds are the unit that varies. All figures of the same rounds use
/// the same resamples, so that common variation cancels in their differences. The seed is fixed: the same values always
/// give the same interval.
package struct RoundSamples: Sendable {
    private let rounds: Int
    private let draws: [[Int]]

    /// Draws the resamples of a number of rounds.
    package init(rounds: Int, resamples: Int = 2_000, seed: UInt64 = 1) {
        self.rounds = rounds
        var generator = SplitMix64(seed: seed)
        draws = (0..<(rounds < Self.fewest ? 0 : resamples)).map { _ in
            (0..<rounds).map { _ in Int.random(in: 0..<rounds, using: &generator) }
        }
    }

    /// The 95 % percentile interval of a figure over the resamples; nil for fewer than three rounds.
    package func interval(of figure: (_ rounds: [Int]) -> Double) -> Interval? {
        interval(tail: 0.025, of: figure)
    }

    /// The 95 % expanded percentile interval, which corrects for few rounds with Student's t; nil for fewer than six.
    ///
    /// With ten rounds the plain interval is a fifth too narrow. The expanded one suits sums and means, which vary
    /// smoothly over the resamples. With fewer than six rounds even the extremes of the resamples are too narrow.
    /// - SeeAlso: Tim Hesterberg, "What Teachers Should Know About the Bootstrap", 2014, section 4.3.
    package func expandedInterval(of figure: (_ rounds: [Int]) -> Double) -> Interval? {
        guard rounds >= 6 else { return nil }
        let count = Double(rounds)
        let deviations = (count / (count - 1)).squareRoot() * StudentT.quantile(0.975, freedom: count - 1)
        return interval(tail: erfc(deviations / 2.squareRoot()) / 2, of: figure)
    }

    private func interval(tail: Double, of figure: (_ rounds: [Int]) -> Double) -> Interval? {
        guard !draws.isEmpty else { return nil }
        let figures = draws.map(figure).sorted()
        return Interval(
            low: Statistics.percentile(100 * tail, ofSorted: figures),
            high: Statistics.percentile(100 * (1 - tail), ofSorted: figures)
        )
    }

    /// Resamples of two rounds give no more than the minimum and the maximum.
    private static let fewest = 3
}
