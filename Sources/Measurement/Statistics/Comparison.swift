// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The ratio of two cells, each with one positive value per process.
///
/// The logarithms are compared, since what makes a process slow makes everything in it slower by a factor. Processes
/// that were measured in the same round took turns with each other, so that the machine's phases met both: there the
/// mean of their differences counts. Without common rounds, as in two runs, it is Welch's test of two means, which lets
/// the cells differ in scatter and in the number of processes. All means are trimmed (see ``TrimmedMean``).
///
/// The degrees of freedom are those of Welch, "The Generalization of 'Student's' Problem when Several Different
/// Population Variances are Involved", Biometrika 34 (1947): with three processes a cell the more common formula gives
/// intervals of 96.5 to 97.4 %, this one 95 to 96.2 %. Only three processes against four times as many give less than
/// they claim, 91 to 95 %; six against forty do not.
package struct Comparison: Sendable, Equatable {
    /// How many processes of the cell it is of, or of the one with fewer.
    package let count: Int
    /// The difference of the means of the logarithms.
    private let difference: Double
    /// How far off it may be; nil where a cell has fewer than three processes.
    private let scatter: Scatter?
    private let stopping: Stopping

    /// Compares the values of a cell, by round, with those of a baseline in the same rounds; returns nil where they have
    /// none in common, or one that is not positive.
    package init?(of values: [Int: Double], inRoundsOf baseline: [Int: Double], stopping: Stopping = .planned) {
        let pairs = values.keys.sorted().compactMap { round in baseline[round].map { (values[round] ?? 0, $0) } }
        guard pairs.allSatisfy({ $0.0 > 0 && $0.1 > 0 }), let mean = TrimmedMean(of: pairs.map { log($0 / $1) }) else {
            return nil
        }
        count = mean.count
        difference = mean.mean
        scatter = Scatter(mean)
        self.stopping = stopping
    }

    /// Compares values of a cell with those of a baseline that ran at other times; returns nil where one has no values,
    /// or one that is not positive.
    package init?(of values: [Double], to baseline: [Double], stopping: Stopping = .planned) {
        guard values.allSatisfy({ $0 > 0 }), baseline.allSatisfy({ $0 > 0 }),
            let own = TrimmedMean(of: values.map { log($0) }), let other = TrimmedMean(of: baseline.map { log($0) })
        else { return nil }
        count = min(own.count, other.count)
        difference = own.mean - other.mean
        scatter = Scatter(own, other)
        self.stopping = stopping
    }

    /// The mean of comparisons that are independent of each other, such as those of two schedulers in several workloads:
    /// its ratio is the geometric mean of theirs; returns nil for no comparisons.
    package init?(meanOf comparisons: [Comparison]) {
        guard let fewest = comparisons.map(\.count).min() else { return nil }
        count = fewest
        difference = comparisons.map(\.difference).reduce(0, +) / Double(comparisons.count)
        scatter = Scatter(meanOf: comparisons.map(\.scatter))
        stopping = comparisons.map(\.stopping).first { $0 != .planned } ?? .planned
    }

    private init(count: Int, difference: Double, scatter: Scatter?, stopping: Stopping) {
        self.count = count
        self.difference = difference
        self.scatter = scatter
        self.stopping = stopping
    }

    /// The comparison of the second cell with the first.
    package var inverse: Comparison {
        Comparison(count: count, difference: -difference, scatter: scatter, stopping: stopping)
    }

    /// The comparison with the first cell's values divided by a factor.
    func dividing(by factor: Double) -> Comparison {
        Comparison(count: count, difference: difference - log(factor), scatter: scatter, stopping: stopping)
    }

    /// The probability of a ratio at least as far above 1 if the true one is 1 or less, as a one-sided p-value; nil as
    /// for the interval.
    package var probabilityAbove: Double? {
        probability.map { difference > 0 ? $0 / 2 : 1 - $0 / 2 }
    }

    /// The first cell's value divided by the second's; 1 means equal.
    package var ratio: Double { exp(difference) }

    /// The 95 % confidence interval of the ratio; nil where a cell has fewer than three processes.
    package var interval: Interval? { interval(error: Stopping.error) }

    /// The confidence interval of the ratio with an error other than 5 %, such as a share of it where several intervals
    /// are to cover the truth together; nil as above.
    package func interval(error: Double) -> Interval? {
        guard let reach = scatter?.reach(1 - error * stopping.plannedError / Stopping.error / 2) else { return nil }
        return Interval(low: exp(difference - reach), high: exp(difference + reach))
    }

    /// The probability of a ratio at least as far from 1 if the cells do not differ, as a two-sided p-value; nil as
    /// above.
    ///
    /// It is 5 % where 1 is an end of the interval.
    package var probability: Double? {
        scatter.map { min(1, $0.probability(of: difference) * Stopping.error / stopping.plannedError) }
    }

    /// The smallest true ratio above 1 that this many processes with this scatter would find, at a p-value of 5 %, in
    /// nine of ten runs; nil as above.
    package var smallestEffect: Double? { smallestEffect(oneSidedError: Stopping.error / 2) }

    /// The smallest true ratio above 1 that so many processes would find in nine of ten runs, by a one-sided test with an
    /// error that is shared with others; nil as above.
    package func smallestEffect(oneSidedError error: Double) -> Double? {
        scatter.map { exp($0.reach(1 - error * stopping.plannedError / Stopping.error) + $0.reach(0.9)) }
    }
}

/// The standard error of the difference of two means.
private struct Scatter: Sendable, Equatable {
    private let error: Double
    private let freedom: Double

    init?(_ mean: TrimmedMean) {
        guard mean.count >= TrimmedMean.fewest, let squaredError = mean.squaredError else { return nil }
        error = squaredError.squareRoot()
        freedom = mean.freedom
    }

    init?(_ first: TrimmedMean, _ second: TrimmedMean) {
        guard min(first.count, second.count) >= TrimmedMean.fewest, let a = first.squaredError,
            let b = second.squaredError
        else { return nil }
        error = (a + b).squareRoot()
        let fewest = min(first.freedom, second.freedom)
        let spread = a * a / (first.freedom + 2) + b * b / (second.freedom + 2)
        // Never fewer than the smaller sample's own.
        freedom = spread > 0 ? max((a + b) * (a + b) / spread - 2, fewest) : fewest
    }

    /// That of the mean of independent differences; nil where one of them has none.
    ///
    /// The degrees of freedom are Satterthwaite's, "An Approximate Distribution of Estimates of Variance Components",
    /// Biometrics Bulletin 2 (1946): with three processes and workloads that differ in scatter, those of two means, for
    /// several, give intervals of 93 %, and these give 95 to 97 %.
    init?(meanOf parts: [Scatter?]) {
        let known = parts.compactMap(\.self)
        guard known.count == parts.count, let fewest = known.map(\.freedom).min() else { return nil }
        let squares = known.map { $0.error * $0.error }
        let total = squares.reduce(0, +)
        error = total.squareRoot() / Double(known.count)
        let spread = zip(squares, known).map { $0 * $0 / $1.freedom }.reduce(0, +)
        freedom = spread > 0 ? total * total / spread : fewest
    }

    /// How far the difference is above the true one at most, with a probability.
    func reach(_ probability: Double) -> Double { StudentT.quantile(probability, freedom: freedom) * error }

    func probability(of difference: Double) -> Double {
        guard error > 0 else { return difference == 0 ? 1 : 0 }
        return StudentT.outside(difference / error, freedom: freedom)
    }
}
