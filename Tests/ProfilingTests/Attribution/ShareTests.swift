// SPDX-License-Identifier: Apache-2.0

import Measurement
import Testing

@testable import Profiling

@Suite struct `Shares of a profile` {
    private func isClose(_ interval: Interval, _ low: Double, _ high: Double) -> Bool {
        abs(interval.low - low) < 5e-4 && abs(interval.high - high) < 5e-4
    }

    private func share(_ parts: [UInt64], of wholes: [UInt64], samples: Int) -> Share {
        let draws = RoundSamples(rounds: parts.count)
        return Share(PerProcess(parts), of: PerProcess(wholes), samples: samples, draws: draws)
    }

    // Expected values are from statsmodels' proportion_confint(method="wilson").
    @Test func `One process has Wilson's interval`() {
        #expect(isClose(share([50], of: [100], samples: 100).interval, 0.4038, 0.5962))
        #expect(isClose(share([1], of: [10], samples: 10).interval, 0.0179, 0.4042))
        #expect(isClose(share([0], of: [10], samples: 10).interval, 0, 0.2775))
        #expect(isClose(share([10], of: [10], samples: 10).interval, 0.7225, 1))
    }

    @Test func `Processes that agree have the interval of their number of samples`() {
        let parts = [UInt64](repeating: 50, count: 10)
        let wholes = [UInt64](repeating: 100, count: 10)
        #expect(isClose(share(parts, of: wholes, samples: 100).interval, 0.4038, 0.5962))
    }

    @Test func `Processes that differ widen the interval`() {
        let wholes = [UInt64](repeating: 100, count: 10)
        let interval = share([0, 100, 0, 100, 0, 100, 0, 100, 0, 100], of: wholes, samples: 100_000).interval
        #expect(interval.low < 0.2 && interval.high > 0.8)
    }

    @Test func `A long process counts for more than a short one`() {
        #expect(share([0, 300], of: [100, 300], samples: 100).fraction == 0.75)
    }

    @Test func `The share of nothing is unknown`() {
        let share = share([0], of: [0], samples: 0)
        #expect(share.fraction == 0)
        #expect(share.interval == Interval(low: 0, high: 1))
        #expect(Share.resolution(samples: 0) == 1)
    }

    @Test func `Four times the samples double the resolution`() {
        #expect(abs(Share.resolution(samples: 100) - 0.098) < 1e-3)
        #expect(abs(Share.resolution(samples: 100) / Share.resolution(samples: 400) - 2) < 1e-9)
    }
}
