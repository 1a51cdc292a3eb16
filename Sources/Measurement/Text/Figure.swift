// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Formats numbers: for files without a unit, for people with three significant digits or fixed decimals.
package enum Figure {
    /// For files: at most six significant digits, a point, no exponent and no unit.
    package static func plain(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "0" }
        let decimals = 5 - exponent(value)
        guard decimals < 0 else { return decimal(value, decimals, trimsZeros: true) }
        let step = pow(10, Double(-decimals))
        return decimal((value / step).rounded() * step, 0)
    }

    /// For people: three significant digits and a suitable unit.
    package static func readable(_ value: Double, unit: String) -> String {
        switch unit {
        case "ns": scaled(value, by: 1_000, ["ns", "µs", "ms", "s"])
        case "bytes": scaled(value, by: 1_024, ["B", "KiB", "MiB", "GiB"])
        case "ops/s": scaled(value, by: 1_000, ["/s", "k/s", "M/s", "G/s"])
        default: significant(value)
        }
    }

    /// The value rounded to a number of significant digits.
    package static func rounded(_ value: Double, digits: Int) -> Double {
        guard value.isFinite, value != 0 else { return value }
        let scale = pow(10, Double(digits - 1 - exponent(value)))
        return (value * scale).rounded() / scale
    }

    /// Three significant digits; zeros fill the places up to the point.
    package static func significant(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "0" }
        // Rounded first: 9.999 is 10.0, not 10.00.
        let value = rounded(value, digits: 3)
        return decimal(value, max(0, 2 - exponent(value)))
    }

    /// A fixed number of decimals, with commas between the thousands.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        decimal(value, decimals, groupsThousands: true)
    }

    /// At least three significant digits, at most four decimals, and none for a whole number; with commas between the
    /// thousands.
    package static func compact(_ value: Double) -> String {
        guard value.isFinite else { return "?" }
        let limits = value == value.rounded() ? [] : [99.95, 9.995, 0.9995, 0.09995]
        return fixed(value, decimals: limits.count { abs(value) < $0 })
    }

    /// A part as a percentage of a whole, formatted as by ``compact(_:)``; 0 % of an empty whole.
    package static func percent(_ part: Double, of whole: Double) -> String {
        whole > 0 ? "\(compact(part / whole * 100)) %" : "0 %"
    }

    private static func exponent(_ value: Double) -> Int { Int(log10(abs(value)).rounded(.down)) }

    private static func scaled(_ value: Double, by step: Double, _ units: [String]) -> String {
        var value = value
        var rank = 0
        while abs(value) >= step * 0.9995 && rank < units.count - 1 {
            value /= step
            rank += 1
        }
        return "\(significant(value)) \(units[rank])"
    }

    /// All formats end here: digits, a point and at most twelve decimals; beyond the range of `Int64`, an exponent.
    private static func decimal(
        _ value: Double,
        _ decimals: Int,
        trimsZeros: Bool = false,
        groupsThousands: Bool = false
    ) -> String {
        let places = min(max(decimals, 0), 12)
        let scale = pow(10, Double(places))
        guard let units = Int64(exactly: (abs(value) * scale).rounded()) else { return "\(value)" }
        let (whole, rest) = units.quotientAndRemainder(dividingBy: Int64(scale))
        let sign = value < 0 && units > 0 ? "-" : ""
        let integer = groupsThousands ? grouped(whole) : "\(whole)"
        return sign + integer + fraction(rest, places, trimsZeros: trimsZeros)
    }

    /// The point, and a number with zeros before it up to so many places; empty without any.
    private static func fraction(_ number: Int64, _ places: Int, trimsZeros: Bool) -> String {
        var (rest, count) = (number, places)
        if trimsZeros {
            while count > 0, rest.isMultiple(of: 10) { (rest, count) = (rest / 10, count - 1) }
        }
        guard count > 0 else { return "" }
        return String(unsafeUninitializedCapacity: count + 1) { text in
            for place in stride(from: count, to: 0, by: -1) {
                text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            text[0] = UInt8(ascii: ".")
            return count + 1
        }
    }

    private static func grouped(_ whole: Int64) -> String {
        let digits = Array(String(whole))
        return digits.indices.map { index in
            index > 0 && (digits.count - index).isMultiple(of: 3) ? ",\(digits[index])" : "\(digits[index])"
        }.joined()
    }
}
