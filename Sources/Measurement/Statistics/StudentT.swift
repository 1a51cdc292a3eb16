// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Student's t-distribution, for any positive number of degrees of freedom, whole or not.
enum StudentT {
    /// The probability of at most `value`.
    static func cumulative(_ value: Double, freedom: Double) -> Double {
        let tail = outside(value, freedom: freedom) / 2
        return value < 0 ? tail : 1 - tail
    }

    /// The probability of a value at least as far from zero as `value`: the two-sided p-value.
    ///
    /// It is a regularized incomplete beta function (Abramowitz and Stegun, 26.7.1 and 26.5.27).
    static func outside(_ value: Double, freedom: Double) -> Double {
        Beta.regularized(freedom / (freedom + value * value), freedom / 2, 0.5)
    }

    /// The value that is exceeded with a probability of 1 - `probability`, which is above a half.
    static func quantile(_ probability: Double, freedom: Double) -> Double {
        let key = [probability, freedom]
        if let known = quantiles.withLock({ $0[key] }) { return known }
        let value = search(probability, freedom)
        quantiles.withLock { $0[key] = value }
        return value
    }

    /// Those computed before: a run asks for the same few again and again.
    private static let quantiles = Mutex<[[Double]: Double]>([:])

    private static func search(_ probability: Double, _ freedom: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while cumulative(high, freedom: freedom) < probability { (low, high) = (high, high * 2) }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if cumulative(middle, freedom: freedom) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}

/// The incomplete beta function.
private enum Beta {
    /// The regularized incomplete beta function I_x(a, b), for x from 0 to 1.
    static func regularized(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let factor = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        // The continued fraction converges fast on one side of the mean; the other is its mirror image.
        guard x > (a + 1) / (a + b + 2) else { return factor / a / fraction(x, a, b) }
        return 1 - factor / b / fraction(1 - x, b, a)
    }

    /// The continued fraction 1 + d1 / (1 + d2 / (1 + ...)) of Abramowitz and Stegun, 26.5.8, by Lentz's method.
    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        var (value, numerator, denominator) = (1.0, 1.0, 0.0)
        for step in 1...500 {
            let term = coefficient(step, x, a, b)
            denominator = 1 / (1 + term * denominator)
            numerator = 1 + term / numerator
            let change = numerator * denominator
            value *= change
            if abs(change - 1) < 1e-15 { break }
        }
        return value
    }

    private static func coefficient(_ step: Int, _ x: Double, _ a: Double, _ b: Double) -> Double {
        let m = Double(step / 2)
        guard step.isMultiple(of: 2) else { return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)) }
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    }
}
