// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports
import Testing

@testable import Profiling

@Suite("Units of flame graphs")
struct FlameUnitTests {
    @Test(
        "counts have three digits and a suitable unit",
        arguments: [
            (0.0, FlameUnit.samples, "0 samples"), (1, .samples, "1 sample"),
            (1_234_567, .samples, "1,234,567 samples"), (12.34, .nanoseconds, "12.3 ns"),
            (999.4, .nanoseconds, "999 ns"), (999.6, .nanoseconds, "1.00 µs"),
            (2e9, .nanoseconds, "2 s"), (-1_500, .nanosecondsPerOperation, "-1.50 µs/op"),
            (0.051, .nanosecondsPerOperation, "0.0510 ns/op"), (5e15, .nanoseconds, "5,000,000 s"),
            (.nan, .samples, "? samples"), (.infinity, .nanoseconds, "? s"), (1e300, .samples, "1e+300 samples"),
        ]
    )
    func amounts(count: Double, unit: FlameUnit, text: String) {
        #expect(unit.text(count) == text)
    }

    @Test(
        "shares are percentages, 0 % of nothing",
        arguments: [
            (1.0, 2.0, "50 %"), (1, 3, "33.3 %"), (1, 1_000, "0.100 %"), (1, 1e6, "0.0001 %"), (0, 5, "0 %"),
            (5, 0, "0 %"), (2.5, 40, "6.25 %"), (1, 1, "100 %"), (999.9, 1_000, "100 %"), (-1, 8, "-12.5 %"),
        ]
    )
    func shares(part: Double, whole: Double, text: String) {
        #expect(Figure.percent(part, of: whole) == text)
    }
}
