// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reports

@Suite struct `An axis` {
    private static func labels(_ axis: Axis) -> [String] { axis.ticks.map(\.label) }

    @Test func `A linear axis goes from 0 to a round number beyond the largest value`() {
        let axis = Axis.linear([3, 41], unit: "ns")
        #expect(Self.labels(axis) == ["0 ns", "10 ns", "20 ns", "30 ns", "40 ns", "50 ns"])
        #expect(axis.fraction(25) == 0.5)
    }

    @Test func `A value that is a round number is the end of the axis`() {
        #expect(Axis.linear([3_000], unit: "ns").range == 0...3_000)
        #expect(Axis.logarithmic([100, 1_000], unit: "ns").range == 100...1_000)
    }

    @Test func `On a logarithmic axis equal factors are equal distances`() {
        let axis = Axis.logarithmic([100, 90_000], unit: "ns")
        #expect(Self.labels(axis) == ["100 ns", "1 µs", "10 µs", "100 µs"])
        let places = [1_000.0, 5_000, 25_000].map(axis.fraction)
        #expect(abs(places[0] + places[2] - 2 * places[1]) < 1e-9)
    }

    @Test func `Within a decade or two the ticks are 1, 2 and 5 with zeros`() {
        #expect(Self.labels(.logarithmic([300, 3_000], unit: "ns")) == ["200 ns", "500 ns", "1 µs", "2 µs", "5 µs"])
    }

    @Test func `The ticks of bytes are powers of two`() {
        #expect(Self.labels(.logarithmic([1_500, 7_000], unit: "bytes")) == ["1 KiB", "2 KiB", "4 KiB", "8 KiB"])
        #expect(
            Self.labels(.linear([1_500, 5_000], unit: "bytes")) == [
                "0 B", "1 KiB", "2 KiB", "3 KiB", "4 KiB", "5 KiB",
            ]
        )
    }

    @Test func `Values beyond the ends are at the ends`() {
        let axis = Axis.logarithmic([1, 10], unit: "")
        #expect([-1, 0, 0.5, 20, .infinity, .nan].map(axis.fraction) == [0, 0, 0, 1, 1, 0])
    }

    @Test(arguments: [
        [], [0], [0, 0], [1, 1], [.nan], [.infinity, 1], [1e-300, 1e308], [1e-9, 1e9], [-3, 4], [1e15, 2e15], [1 / 3],
    ])
    func `Any values have an axis with a few ticks`(_ values: [Double]) {
        for unit in ["ns", "bytes", "ops/s", ""] {
            for axis in [Axis.linear(values, unit: unit), .logarithmic(values, unit: unit)] {
                #expect(axis.range.lowerBound < axis.range.upperBound && axis.range.upperBound.isFinite)
                #expect((1...8).contains(axis.ticks.count), "\(axis.ticks)")
                #expect(values.map(axis.fraction).allSatisfy { (0...1).contains($0) })
            }
        }
    }
}
