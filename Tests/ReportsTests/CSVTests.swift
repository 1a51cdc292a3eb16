// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reports

@Suite("CSV")
struct CSVTests {
    @Test(
        "a field is quoted where it has to be, and only there",
        arguments: [
            ("plain", "plain"), ("", ""), ("0,1", "\"0,1\""), ("say \"go\"", "\"say \"\"go\"\"\""),
            ("two\nlines", "\"two\nlines\""), ("two\r\nlines", "\"two\r\nlines\""), ("a=1;b=2", "a=1;b=2"),
        ]
    )
    func quoting(text: String, expected: String) {
        #expect(CSV.field(text) == expected)
    }

    @Test("a line has its fields, commas between them and an end")
    func line() {
        #expect(CSV.line(["a", "", "0,1"]) == "a,,\"0,1\"\n")
    }
}

@Suite("Figures")
struct FigureTests {
    @Test(
        "files get at most six digits and no exponent",
        arguments: [
            (0.0, "0"), (33.123_456_7, "33.1235"), (2, "2"), (1_234_567, "1234570"), (0.000_123_456_78, "0.000123457"),
            (-1.5, "-1.5"), (100, "100"), (.infinity, "0"),
        ]
    )
    func plain(value: Double, expected: String) {
        #expect(Figure.plain(value) == expected)
    }

    @Test(
        "people get three digits and a fitting unit",
        arguments: [
            (33.14, "ns", "33.1 ns"), (999.9, "ns", "1.00 µs"), (1_234, "ns", "1.23 µs"), (2.4, "ns", "2.40 ns"),
            (5e9, "ns", "5.00 s"), (1_536, "bytes", "1.50 KiB"), (900, "bytes", "900 B"), (2e6, "ops/s", "2.00 M/s"),
            (2, "per-operation", "2.00"), (0, "per-operation", "0"), (3e13, "ns", "30000 s"),
        ]
    )
    func readable(value: Double, unit: String, expected: String) {
        #expect(Figure.readable(value, unit: unit) == expected)
    }

    @Test("rounding keeps the digits that were asked for")
    func rounded() {
        #expect(Figure.rounded(33.123_456, digits: 5) == 33.123)
        #expect(Figure.rounded(123_456, digits: 2) == 120_000)
        #expect(Figure.rounded(0, digits: 3) == 0)
    }
}
