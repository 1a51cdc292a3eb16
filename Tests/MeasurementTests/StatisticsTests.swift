// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement

@Suite("Statistics")
struct StatisticsTests {
    @Test("the median of an odd number of values is the middle one, whatever their order")
    func medianOfOdd() {
        #expect(Statistics.median([9, 1, 5]) == 5)
    }

    @Test("the median of an even number of values is the mean of the middle two")
    func medianOfEven() {
        #expect(Statistics.median([4, 1, 3, 2]) == 2.5)
    }

    @Test("nothing has no median")
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

@Suite("Bootstrap")
struct BootstrapTests {
    @Test("the interval of equal values is that value")
    func equalValues() {
        #expect(Bootstrap.medianInterval(of: [7, 7, 7, 7]) == Interval(low: 7, high: 7))
    }

    @Test("one value or two have no interval")
    func oneValue() {
        #expect(Bootstrap.medianInterval(of: [7]) == nil)
        #expect(Bootstrap.medianInterval(of: [7, 8]) == nil)
    }

    @Test("the interval holds the median and stays within the values")
    func containment() throws {
        let values: [Double] = [12, 10, 11, 14, 10.5, 13, 11.5]
        let interval = try #require(Bootstrap.medianInterval(of: values))
        #expect(interval.contains(11.5))
        #expect(interval.low >= 10 && interval.high <= 14)
    }

    @Test("the same values give the same interval every time")
    func reproducible() {
        let values = (1...20).map(Double.init)
        #expect(Bootstrap.medianInterval(of: values) == Bootstrap.medianInterval(of: values))
    }

    @Test("the interval covers the true median about 95 times in a hundred")
    func coverage() {
        var generator = SeededGenerator(seed: 42)
        var covered = 0
        for _ in 0..<100 {
            let sample = (0..<15).map { _ in Double.random(in: 0...1, using: &generator) }
            let interval = Bootstrap.medianInterval(of: sample, resamples: 100, seed: generator.next())
            covered += interval?.contains(0.5) == true ? 1 : 0
        }
        #expect((88...100).contains(covered))
    }
}
