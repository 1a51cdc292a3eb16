// SPDX-License-Identifier: Apache-2.0

import Measurement

/// How the page writes figures and units.
enum ResultText {
    /// A figure with its unit.
    static func figure(_ value: Double, unit: String) -> String {
        let text = Figure.readable(value, unit: unit)
        return hasUnit(unit) ? text : "\(text) \(Self.unit(unit))"
    }

    /// What people call a unit.
    static func unit(_ unit: String) -> String {
        switch unit {
        case "per-operation": "per operation"
        case "share": "of the time"
        default: unit
        }
    }

    /// Whether a readable figure says its unit.
    private static func hasUnit(_ unit: String) -> Bool { ["ns", "bytes", "ops/s"].contains(unit) }
}
