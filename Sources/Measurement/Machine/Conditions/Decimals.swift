// SPDX-License-Identifier: Apache-2.0

/// Formats the figures of conditions.
enum Decimals {
    /// One decimal, or two for what is compared with 1: `0.9`, `1.38`.
    static func text(_ value: Double, places: Int = 1) -> String {
        let scale: Int64 = places == 1 ? 10 : 100
        guard let units = Int64(exactly: (value * Double(scale)).rounded()) else { return "\(value)" }
        let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: UInt64(scale))
        let padding = rest < 10 && places > 1 ? "0" : ""
        return "\(units < 0 ? "-" : "")\(whole).\(padding)\(rest)"
    }

    /// A share from 0 to 1 as a percentage with one decimal: `3.1 %`.
    static func percent(_ share: Double) -> String { "\(text(share * 100)) %" }
}
