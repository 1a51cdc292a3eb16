// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// A part of the time of a profile.
package struct Share: Sendable, Equatable {
    /// From 0 to 1; 0 of nothing.
    package var fraction: Double
    /// Where the true share lies, with a confidence of 95 %.
    package var interval: Interval

    /// A part of the time of several processes.
    ///
    /// What varies between processes shows when they are resampled, what is chance within each does by the number of
    /// samples; the interval is as wide as both together say.
    /// - Parameters:
    ///   - part: the nanoseconds in each process.
    ///   - whole: the nanoseconds of each process.
    ///   - samples: how many all is known from.
    ///   - draws: the processes, resampled.
    init(_ part: PerProcess, of whole: PerProcess, samples: Int, draws: RoundSamples) {
        fraction = part.over(whole)
        let wilson = Self.wilson(fraction, samples: samples)
        let drawn = draws.expandedInterval { part.over(whole, in: $0) } ?? wilson
        interval = Interval(low: min(wilson.low, drawn.low), high: max(wilson.high, drawn.high))
    }

    /// Where the true share lies, with a confidence of 95 %, if samples are independent of each other.
    ///
    /// Edwin B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927: it holds for small
    /// counts, too, and for shares near 0 and 1.
    static func wilson(_ fraction: Double, samples: Int) -> Interval {
        guard samples > 0 else { return Interval(low: 0, high: 1) }
        let n = Double(samples)
        let middle = (fraction + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (fraction * (1 - fraction) / n + z * z / (4 * n * n)).squareRoot()
        return Interval(low: max(0, middle - half), high: min(1, middle + half))
    }

    /// The half of an interval around a share of one half, the widest there is: finer differences so many samples do not
    /// show.
    package static func resolution(samples: Int) -> Double {
        samples == 0 ? 1 : min(1, z * (0.25 / Double(samples)).squareRoot())
    }

    /// Standard deviations that 95 % of a normal distribution lie within.
    private static let z = 1.959964
}
