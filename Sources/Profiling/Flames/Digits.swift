// SPDX-License-Identifier: Apache-2.0

/// Numbers for people.
enum Digits {
    /// Three digits or more, but no more than four decimals; whole numbers have none.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "?" }
        let limits = value == value.rounded() ? [] : [99.95, 9.995, 0.9995, 0.09995]
        let decimals = limits.count { abs(value) < $0 }
        return fixed(value, decimals: decimals)
    }

    /// A part as a percentage of a whole; of nothing, every part is 0 %.
    static func percent(_ part: Double, of whole: Double) -> String {
        whole > 0 ? "\(text(part / whole * 100)) %" : "0 %"
    }

    /// A number with so many decimals, from 0 to 4; enormous ones are written with an exponent.
    static func fixed(_ value: Double, decimals: Int) -> String {
        let scale = [1.0, 10, 100, 1_000, 10_000][min(max(decimals, 0), 4)]
        guard let units = Int64(exactly: (abs(value) * scale).rounded()) else { return "\(value)" }
        let (whole, rest) = units.quotientAndRemainder(dividingBy: Int64(scale))
        let sign = value < 0 && units > 0 ? "-" : ""
        // The digit before the rest keeps the zeros at its beginning.
        let fraction = scale > 1 ? ".\(String(Int64(scale) + rest).dropFirst())" : ""
        return sign + grouped(whole) + fraction
    }

    /// Commas between the thousands.
    private static func grouped(_ whole: Int64) -> String {
        var text = ""
        for (index, digit) in String(whole).enumerated() {
            let left = String(whole).count - index
            if index > 0, left.isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }
}
