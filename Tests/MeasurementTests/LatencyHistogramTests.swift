// SPDX-License-Identifier: Apache-2.0

import Histogram
import SeededRandom
import Testing

@testable import Measurement

@Suite struct `A histogram of wait times` {
    private static func waits(_ count: Int, seed: UInt64) -> [UInt64] {
        var random = SplitMix64(seed: seed)
        // Over eight powers of ten.
        return (0..<count).map { _ in
            UInt64.random(in: 0..<(1 << UInt64.random(in: 1...27, using: &random)), using: &random)
        }
    }

    private static func histograms(_ waits: [UInt64]) -> (LatencyHistogram, Histogram<UInt64>) {
        var own = LatencyHistogram()
        var library = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        for wait in waits {
            own.record(wait)
            _ = library.record(wait)
        }
        return (own, library)
    }

    @Test(arguments: [1, 2, 9, 100, 5_000]) func `Has the percentiles of HdrHistogram`(count: Int) {
        let (own, library) = Self.histograms(Self.waits(count, seed: 1))
        for percent in [0.1, 1, 25, 50, 90, 99, 99.9, 99.99, 100] {
            #expect(own.percentile(percent) == library.valueAtPercentile(percent), "\(percent)")
        }
        #expect(own.percentiles([50, 90, 100]) == [50, 90, 100].map { library.valueAtPercentile($0) })
    }

    @Test(arguments: [0, 1, 2, 9, 100, 5_000]) func `Has the text of HdrHistogram's tools`(count: Int) {
        let (own, library) = Self.histograms(Self.waits(count, seed: 2))
        var text = ""
        library.outputPercentileDistribution(to: &text, outputValueUnitScalingRatio: 1_000)
        #expect(own.percentileDistribution == text)
    }

    @Test func `Merges with shorter and with longer waits as if all had been recorded in one`() throws {
        let (short, long) = ([1, 2, 3, 500] as [UInt64], Self.waits(300, seed: 3))
        let (all, _) = Self.histograms(short + long)
        for (first, second) in [(short, long), (long, short), (short, []), ([], long)] {
            var (merged, _) = Self.histograms(first)
            merged.merge(Self.histograms(second).0)
            let expected = first.isEmpty || second.isEmpty ? Self.histograms(first + second).0 : all
            #expect(merged.count == expected.count)
            #expect(merged.max == expected.max)
            #expect(merged.percentileDistribution == expected.percentileDistribution)
        }
    }
}
