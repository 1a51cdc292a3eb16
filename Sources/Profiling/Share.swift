// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// A part of the time of a profile.
package struct Share: Sendable, Equatable {
    /// From 0 to 1; 0 of nothing.
    package var fraction: Double
    /// How many samples all is known from.
    package var samples: Int

    /// Nanoseconds of so many that are known from so many samples.
    package init(_ part: UInt64, of whole: UInt64, samples: Int) {
        fraction = whole == 0 ? 0 : Double(part) / Double(whole)
        self.samples = samples
    }

    /// Where the true share lies, with a confidence of 95 %, if samples are independent of each other.
    ///
    /// Edwin B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927: it holds for small
    /// counts, too, and for shares near 0 and 1.
    package var interval: Interval {
        guard samples > 0 else { return Interval(low: 0, high: 1) }
        let n = Double(samples)
        let z = Self.z
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
