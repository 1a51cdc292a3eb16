// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Numbers as text.
package enum Figure {
    /// For files: at most six significant digits, a point, no exponent and no unit.
    package static func plain(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "0" }
        let digits = 5 - Int(log10(abs(value)).rounded(.down))
        return fixed(value, decimals: digits, trimmed: true)
    }

    /// For people: three significant digits and a fitting unit.
    package static func readable(_ value: Double, unit: String) -> String {
        switch unit {
        case "ns": scaled(value, by: 1_000, ["ns", "µs", "ms", "s"])
        case "bytes": scaled(value, by: 1_024, ["B", "KiB", "MiB", "GiB"])
        case "ops/s": scaled(value, by: 1_000, ["/s", "k/s", "M/s", "G/s"])
        default: significant(value)
        }
    }

    /// The nearest number of so many significant digits.
    package static func rounded(_ value: Double, digits: Int) -> Double {
        guard value.isFinite, value != 0 else { return value }
        let scale = pow(10, Double(digits - 1) - log10(abs(value)).rounded(.down))
        return (value * scale).rounded() / scale
    }

    /// Three significant digits, and as many zeros as it takes up to the point.
    package static func significant(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "0" }
        // Rounded first: 9.999 is 10.0 and not 10.00.
        let value = rounded(value, digits: 3)
        return fixed(value, decimals: max(0, 2 - Int(log10(abs(value)).rounded(.down))), trimmed: false)
    }

    private static func scaled(_ value: Double, by step: Double, _ units: [String]) -> String {
        var value = value
        var rank = 0
        while abs(value) >= step * 0.9995 && rank < units.count - 1 {
            value /= step
            rank += 1
        }
        return "\(significant(value)) \(units[rank])"
    }

    /// A number with so many decimals; a negative count rounds to tens, hundreds ...
    private static func fixed(_ value: Double, decimals: Int, trimmed: Bool) -> String {
        let places = min(max(decimals, 0), 12)
        let scale = pow(10, Double(decimals < 0 ? decimals : places))
        let rounded = (abs(value) * scale).rounded() / scale
        let shift = pow(10, Double(places))
        guard rounded * shift < 1e18 else { return "\(value)" }
        let whole = UInt64((rounded * shift).rounded())
        let divisor = UInt64(shift)
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(whole)" }
        var decimals = String(whole % divisor)
        decimals = String(repeating: "0", count: places - decimals.count) + decimals
        if trimmed {
            while decimals.hasSuffix("0") { decimals.removeLast() }
        }
        return "\(sign)\(whole / divisor)" + (decimals.isEmpty ? "" : ".\(decimals)")
    }
}
