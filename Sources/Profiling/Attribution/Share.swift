// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// A share of a profile's time.
package struct Share: Sendable, Equatable {
    /// From 0 to 1.
    package var fraction: Double
    /// The 95 % confidence interval.
    package var interval: Interval

    /// The share of a part of the time of several processes.
    ///
    /// Resampling the processes shows how they vary, and the number of samples gives the chance within each; the
    /// interval covers both.
    /// - Parameters:
    ///   - part: the nanoseconds in each process.
    ///   - whole: the nanoseconds of each process.
    ///   - samples: the number of samples in all.
    ///   - draws: the processes, resampled.
    init(_ part: PerProcess, of whole: PerProcess, samples: Int, draws: RoundSamples) {
        fraction = part.over(whole)
        let wilson = Self.wilson(fraction, samples: samples)
        let drawn = draws.expandedInterval { part.over(whole, in: $0) } ?? wilson
        interval = Interval(low: min(wilson.low, drawn.low), high: max(wilson.high, drawn.high))
    }

    /// The 95 % confidence interval for independent samples.
    ///
    /// Edwin B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927. It also holds for
    /// small counts and for shares near 0 and 1.
    static func wilson(_ fraction: Double, samples: Int) -> Interval {
        guard samples > 0 else { return Interval(low: 0, high: 1) }
        let n = Double(samples)
        let middle = (fraction + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (fraction * (1 - fraction) / n + z * z / (4 * n * n)).squareRoot()
        return Interval(low: max(0, middle - half), high: min(1, middle + half))
    }

    /// Half the width of the interval around a share of one half, which is the widest: finer differences do not show.
    package static func resolution(samples: Int) -> Double {
        samples == 0 ? 1 : min(1, z * (0.25 / Double(samples)).squareRoot())
    }

    /// 95 % of a normal distribution lie within this many standard deviations.
    private static let z = 1.959964
}
