// SPDX-License-Identifier: Apache-2.0

import Measurement
import Testing

@testable import Profiling

@Suite struct `Shares of a profile` {
    private func isClose(_ interval: Interval, _ low: Double, _ high: Double) -> Bool {
        abs(interval.low - low) < 5e-4 && abs(interval.high - high) < 5e-4
    }

    // The examples were computed with statsmodels' proportion_confint(method="wilson").
    @Test func `Their intervals are Wilson's`() {
        #expect(isClose(Share(50, of: 100, samples: 100).interval, 0.4038, 0.5962))
        #expect(isClose(Share(1, of: 10, samples: 10).interval, 0.0179, 0.4042))
        #expect(isClose(Share(0, of: 10, samples: 10).interval, 0, 0.2775))
        #expect(isClose(Share(10, of: 10, samples: 10).interval, 0.7225, 1))
    }

    @Test func `Of nothing nothing is known`() {
        let share = Share(0, of: 0, samples: 0)
        #expect(share.fraction == 0)
        #expect(share.interval == Interval(low: 0, high: 1))
        #expect(Share.resolution(samples: 0) == 1)
    }

    @Test func `Four times the samples tell twice as fine`() {
        #expect(abs(Share.resolution(samples: 100) - 0.098) < 1e-3)
        #expect(abs(Share.resolution(samples: 100) / Share.resolution(samples: 400) - 2) < 1e-9)
    }
}
