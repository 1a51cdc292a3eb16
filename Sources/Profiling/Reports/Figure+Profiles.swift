// SPDX-License-Identifier: Apache-2.0

internal import Measurement
internal import Reports

/// The quantities of a profile's report.
extension Figure {
    /// A change, with its sign and one decimal.
    static func change(_ value: Double) -> String { (value < 0 ? "" : "+") + fixed(value, decimals: 1) }

    /// A share from 0 to 1, in points of 100 without their unit.
    static func points(_ share: Double) -> String { fixed(share * 100, decimals: 1) }

    static func percent(_ share: Double) -> String { "\(points(share)) %" }

    static func percent(_ shares: Interval) -> String { "\(points(shares.low))–\(points(shares.high)) %" }

    static func ratio(_ value: Double) -> String { fixed(value, decimals: 2) }

    static func ratio(_ interval: Interval) -> String { "\(ratio(interval.low))–\(ratio(interval.high))" }

    static func seconds(_ nanoseconds: UInt64, decimals: Int = 2) -> String {
        "\(fixed(Double(nanoseconds) / 1e9, decimals: decimals)) s"
    }

    static func milliseconds(_ nanoseconds: UInt64) -> String { "\(fixed(Double(nanoseconds) / 1e6, decimals: 1)) ms" }
}
