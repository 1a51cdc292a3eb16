// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Testing

@testable import Measurement

@Suite("Statistics")
struct StatisticsTests {
    @Test("the median of an odd number of values is the middle one, in any order")
    func medianOfOdd() {
        #expect(Statistics.median([9, 1, 5]) == 5)
    }

    @Test("the median of an even number of values is the mean of the middle two")
    func medianOfEven() {
        #expect(Statistics.median([4, 1, 3, 2]) == 2.5)
    }

    @Test("no values have no median")
    func medianOfNothing() {
        #expect(Statistics.median([]) == nil)
    }

    @Test(
        "percentiles are interpolated between neighbours",
        arguments: [(0.0, 10.0), (25, 20), (50, 30), (90, 46), (100, 50), (-5, 10), (140, 50)]
    )
    func percentiles(percentage: Double, expected: Double) {
        #expect(Statistics.percentile(percentage, of: [50, 20, 40, 10, 30]) == expected)
    }

    @Test("one outlier among many values does not move the median")
    func outlier() {
        #expect(Statistics.median([1, 1, 1, 1, 1_000_000]) == 1)
    }
}

@Suite("Resampled rounds")
struct RoundSamplesTests {
    /// The mean of the values of some rounds.
    private func mean(_ values: [Double]) -> ([Int]) -> Double {
        { rounds in rounds.reduce(0) { $0 + values[$1] } / Double(rounds.count) }
    }

    @Test("two rounds are too few for an interval")
    func tooFew() {
        #expect(RoundSamples(rounds: 2).interval(of: mean([1, 2])) == nil)
        #expect(RoundSamples(rounds: 2).expandedInterval(of: mean([1, 2])) == nil)
        #expect(RoundSamples(rounds: 0).expandedInterval { _ in 0 } == nil)
    }

    @Test("common variation of two figures cancels in their difference")
    func common() throws {
        let draws = RoundSamples(rounds: 5)
        let drift: [Double] = [0, 100, 200, 300, 400]
        let interval = try #require(
            draws.interval { mean(drift.map { $0 + 7 })($0) - mean(drift)($0) }
        )
        #expect(interval == Interval(low: 7, high: 7))
    }

    @Test(
        "the expanded interval of a mean of ten values covers the true mean about 95 times in a hundred, the plain one less often"
    )
    func coverage() {
        var generator = SplitMix64(seed: 3)
        var covered = (plain: 0, expanded: 0)
        let trials = 400
        for _ in 0..<trials {
            let values = (0..<10).map { _ -> Double in
                (0..<12).reduce(-6) { sum, _ in sum + .random(in: 0..<1, using: &generator) }
            }
            let draws = RoundSamples(rounds: 10, resamples: 400, seed: generator.next())
            covered.plain += draws.interval(of: mean(values))?.contains(0) == true ? 1 : 0
            covered.expanded += draws.expandedInterval(of: mean(values))?.contains(0) == true ? 1 : 0
        }
        #expect((Double(covered.expanded) / Double(trials) - 0.95).magnitude < 0.03)
        #expect(covered.plain < covered.expanded)
    }
}
