// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// The wording that the tables share.
package enum Wording {
    /// A figure of a row, and, where that is so, that it is below what can be measured.
    static func figure(_ figures: ResultRow.Figures, unit: String) -> String {
        Figure.readable(figures.value, unit: unit) + (figures.isBelowResolution ? " (\(belowResolution))" : "")
    }

    private static let belowResolution = "below resolution"

    /// An interval of figures.
    static func interval(_ interval: Interval, unit: String) -> String {
        "\(Figure.readable(interval.low, unit: unit)) – \(Figure.readable(interval.high, unit: unit))"
    }

    /// The interval of a ratio.
    package static func ratios(_ interval: Interval) -> String {
        "\(Figure.significant(interval.low)) – \(Figure.significant(interval.high))"
    }

    /// A factor, such as `1.25x`.
    static func factor(_ factor: Double) -> String { "\(Figure.significant(factor))x" }

    /// A count per operation.
    static func count(_ count: Double) -> String {
        guard count != 0 else { return "0" }
        return count < 0.01 ? "<0.01" : Figure.fixed(count, decimals: count < 100 ? 2 : 0)
    }

    /// Names, such as `a, b and c`.
    static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }

    static func verdict(_ verdict: Verdict) -> String {
        switch verdict {
        case .different: "different"
        case .negligible: "no difference"
        case .undecided: "cannot tell"
        case .unknown: "too few processes"
        case .belowResolution: belowResolution
        }
    }

    /// A build in a column: a path would make it wide, and is at the top of the report.
    static func build(_ name: String?) -> String {
        guard let name else { return "this build" }
        return name.contains("/") ? "other build" : name
    }

    /// The smallest difference that would have been found, as a percentage.
    static func effect(_ ratio: Double) -> String { "\(Figure.compact((ratio - 1) * 100)) %" }

    static func status(_ status: TrialStatus) -> String {
        switch status {
        case .ok: "right"
        case .failed: "FAILED"
        case .unsupported: "unsupported"
        case .debug: "debug build, no measurement"
        }
    }
}

extension String {
    /// With a capital letter at its beginning.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
