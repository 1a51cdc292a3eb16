// SPDX-License-Identifier: Apache-2.0

internal import Measurement

/// Numbers as the report has them.
enum Text {
    /// With one digit after the point.
    static func number(_ value: Double) -> String { Digits.fixed(value, decimals: 1) }

    static func signed(_ value: Double) -> String { value < 0 ? number(value) : "+\(number(value))" }

    static func percent(_ fraction: Double) -> String { "\(number(fraction * 100)) %" }

    static func interval(_ interval: Interval) -> String {
        "\(number(interval.low * 100))–\(number(interval.high * 100)) %"
    }

    static func ratio(_ value: Double) -> String { Digits.fixed(value, decimals: 2) }

    static func ratios(_ interval: Interval) -> String { "\(ratio(interval.low))–\(ratio(interval.high))" }

    static func processes(_ count: Int) -> String { count == 1 ? "1 process" : "\(count) processes" }

    static func seconds(_ nanoseconds: UInt64) -> String { "\(ratio(Double(nanoseconds) / 1e9)) s" }

    /// To a millisecond.
    static func fineSeconds(_ nanoseconds: UInt64) -> String {
        "\(Digits.fixed(Double(nanoseconds) / 1e9, decimals: 3)) s"
    }

    static func milliseconds(_ nanoseconds: Double) -> String { "\(number(nanoseconds / 1e6)) ms" }
}
