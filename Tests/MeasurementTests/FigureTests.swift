// SPDX-License-Identifier: Apache-2.0

import Measurement
import Testing

@Suite("Figures")
struct FigureTests {
    @Test(
        "plain figures have at most six digits and no exponent",
        arguments: [
            (0.0, "0"), (33.123_456_7, "33.1235"), (2, "2"), (1_234_567, "1234570"), (0.000_123_456_78, "0.000123457"),
            (-1.5, "-1.5"), (100, "100"), (.infinity, "0"),
        ]
    )
    func plain(value: Double, expected: String) {
        #expect(Figure.plain(value) == expected)
    }

    @Test(
        "readable figures have three digits and a suitable unit",
        arguments: [
            (33.14, "ns", "33.1 ns"), (999.9, "ns", "1.00 µs"), (1_234, "ns", "1.23 µs"), (2.4, "ns", "2.40 ns"),
            (5e9, "ns", "5.00 s"), (1_536, "bytes", "1.50 KiB"), (900, "bytes", "900 B"), (2e6, "ops/s", "2.00 M/s"),
            (2, "per-operation", "2.00"), (0, "per-operation", "0"), (3e13, "ns", "30000 s"),
        ]
    )
    func readable(value: Double, unit: String, expected: String) {
        #expect(Figure.readable(value, unit: unit) == expected)
    }

    @Test("rounding keeps the requested digits")
    func rounded() {
        #expect(Figure.rounded(33.123_456, digits: 5) == 33.123)
        #expect(Figure.rounded(123_456, digits: 2) == 120_000)
        #expect(Figure.rounded(0, digits: 3) == 0)
    }

    @Test(
        "fixed figures have exactly the requested decimals, and commas between the thousands",
        arguments: [
            (0.0, 1, "0.0"), (2.25, 1, "2.3"), (-2.25, 1, "-2.3"), (-0.04, 1, "0.0"), (1_234_567.8, 0, "1,234,568"),
            (999.999, 2, "1,000.00"), (0.005, 3, "0.005"), (-12_345, 2, "-12,345.00"), (1e300, 2, "1e+300"),
        ]
    )
    func fixed(value: Double, decimals: Int, expected: String) {
        #expect(Figure.fixed(value, decimals: decimals) == expected)
    }

    @Test(
        "compact figures have three digits or more, at most four decimals, and none for a whole number",
        arguments: [
            (0.0, "0"), (3, "3"), (1_234_567, "1,234,567"), (123.46, "123"), (99.96, "100"), (12.34, "12.3"),
            (1.234_5, "1.23"), (0.123_45, "0.123"), (0.012_345, "0.0123"), (0.000_01, "0.0000"), (-1.5, "-1.50"),
            (.infinity, "?"), (.nan, "?"),
        ]
    )
    func compact(value: Double, expected: String) {
        #expect(Figure.compact(value) == expected)
    }

    @Test("a percentage of nothing is 0 %")
    func percent() {
        #expect(Figure.percent(1, of: 8) == "12.5 %")
        #expect(Figure.percent(1, of: 0) == "0 %")
    }
}
