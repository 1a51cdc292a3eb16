// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement

/// The values along one side of a plot.
struct Axis: Equatable {
    /// A value that is written beside the axis.
    struct Tick: Equatable {
        /// The value.
        var value: Double
        /// What is written.
        var label: String
    }

    /// The value at its beginning, and the one at its end, which is larger.
    let range: ClosedRange<Double>
    /// Whether equal distances are equal factors; all values in the range are positive then.
    let isLogarithmic: Bool
    /// The values beside it, ascending.
    let ticks: [Tick]

    /// How far along the axis a value lies: from 0 to 1, also for values beyond its ends.
    func fraction(_ value: Double) -> Double {
        guard !value.isNaN else { return 0 }
        let value = min(max(value, range.lowerBound), range.upperBound)
        guard isLogarithmic else { return (value - range.lowerBound) / (range.upperBound - range.lowerBound) }
        return log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    }

    /// Creates an axis with given ticks; a range that is empty or not finite becomes one that is.
    init(_ range: ClosedRange<Double>, isLogarithmic: Bool, ticks: [Tick]) {
        let isUsable =
            range.upperBound.isFinite && range.upperBound > range.lowerBound
            && (range.lowerBound > 0 || (!isLogarithmic && range.lowerBound.isFinite))
        let range = isUsable ? range : 1...10
        self.range = range
        self.isLogarithmic = isLogarithmic
        self.ticks = ticks.filter { range.contains($0.value) }
    }

    /// An axis for values of a unit, from 0.
    static func linear(_ values: [Double], unit: String) -> Axis {
        let top = values.filter { $0 > 1 / largest && $0.isFinite }.max().map { min($0, largest) } ?? 0
        let step = roundStep(top > 0 ? top / 6 : 0.2, unit: unit)
        let count = max(1, (top / step - 1e-9).rounded(.up))
        let ticks = (0...Int(count)).map { Double($0) * step }.map { Tick(value: $0, label: label($0, unit: unit)) }
        return Axis(0...count * step, isLogarithmic: false, ticks: ticks)
    }

    /// An axis for the positive ones of the values, between round numbers.
    static func logarithmic(_ values: [Double], unit: String) -> Axis {
        let values = values.filter { $0 > 0 && $0.isFinite }.map { min(max($0, 1 / largest), largest) }
        let steps = LogarithmicSteps(base: unit == "bytes" ? 2 : 10, covering: values.min() ?? 1, values.max() ?? 1)
        let ticks = steps.shown.map { Tick(value: $0, label: label($0, unit: unit)) }
        return Axis(steps.range, isLogarithmic: true, ticks: ticks)
    }

    /// The label of a value: as a table shows it, without zeros behind the point.
    static func label(_ value: Double, unit: String) -> String {
        let words = Figure.readable(value, unit: unit).split(separator: " ")
        guard var number = words.first, number.contains(".") else { return words.joined(separator: " ") }
        while number.last == "0" { number.removeLast() }
        if number.last == "." { number.removeLast() }
        return ([number] + words.dropFirst()).joined(separator: " ")
    }

    /// Values beyond it are drawn as if they were it.
    private static let largest = 1e15

    /// The next 1, 2 or 5 with zeros; of bytes, the next power of two.
    private static func roundStep(_ least: Double, unit: String) -> Double {
        guard unit != "bytes" else { return pow(2, log2(least).rounded(.up)) }
        let decade = pow(10, log10(least).rounded(.down))
        return ([1, 2, 5].first { $0 * decade >= least * (1 - 1e-9) } ?? 10) * decade
    }
}

/// The round numbers of a logarithmic axis.
private struct LogarithmicSteps {
    /// All of them, from the last that is not above the least value to the first that is not below the largest.
    private let all: [Double]
    private let base: Int

    /// Those of a base of 10 or 2 around positive values.
    init(base: Int, covering least: Double, _ largest: Double) {
        self.base = base
        let exponents = Int(logarithm(least, base).rounded(.down)) - 1...Int(logarithm(largest, base).rounded(.up)) + 1
        let ladder = exponents.flatMap { exponent in
            (base == 10 ? [1.0, 2, 5] : [1]).map { $0 * pow(Double(base), Double(exponent)) }
        }
        let first = ladder.lastIndex { $0 <= least * (1 + 1e-9) } ?? 0
        let last = ladder.firstIndex { $0 >= largest * (1 - 1e-9) } ?? ladder.count - 1
        all = Array(ladder[first...max(last, min(first + 1, ladder.count - 1))])
    }

    /// From the first to the last.
    var range: ClosedRange<Double> { all[0]...all[all.count - 1] }

    /// At most eight of them: all, the powers of the base, or every few of those.
    var shown: [Double] {
        guard all.count > 8 else { return all }
        let powers = all.filter { value in
            let exponent = logarithm(value, base)
            return abs(exponent - exponent.rounded()) < 1e-6
        }
        let stride = (powers.count + 6) / 7
        return powers.enumerated().filter { $0.offset.isMultiple(of: stride) }.map(\.element)
    }
}

private func logarithm(_ value: Double, _ base: Int) -> Double { base == 2 ? log2(value) : log10(value) }
