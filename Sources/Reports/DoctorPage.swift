// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// The page of `bench doctor`, for a terminal of 80 columns.
package enum DoctorPage {
    /// The conditions, each with its advice below unless it is fine; the machine's floor; and a last line with the counts.
    ///
    /// - Parameter floor: the smallest difference that this machine can show, as lines of at most 80 characters, which
    ///   are printed as they are; nil if it was not measured.
    package static func text(_ conditions: [Condition], floor: [String]? = nil) -> String {
        let names = (conditions.map(\.name.count).max() ?? 0) + gap
        let list = conditions.flatMap { entry($0, nameWidth: names) }
        return [[title], list, floorSection(floor), [counts(conditions)]].filter { !$0.isEmpty }
            .map { $0.map { "\($0)\n" }.joined() }.joined(separator: "\n")
    }

    private static func entry(_ condition: Condition, nameWidth: Int) -> [String] {
        let head = padded(mark(condition.verdict), markWidth) + padded(condition.name, nameWidth)
        let value = hanging(condition.value ?? "?", below: head)
        guard let advice = condition.advice else { return value }
        return value + hanging(advice, below: padded("", markWidth))
    }

    /// The lines of a text that starts behind `head`, all aligned with the first one.
    private static func hanging(_ text: String, below head: String) -> [String] {
        let lines = Wrapping.lines(text, width: width - head.count)
        return lines.indices.map { ($0 == 0 ? head : padded("", head.count)) + lines[$0] }
    }

    private static func floorSection(_ floor: [String]?) -> [String] {
        guard let floor else { return [] }
        return ["This machine's floor"] + floor
    }

    private static func counts(_ conditions: [Condition]) -> String {
        let parts = Condition.Verdict.allCases.map { verdict in
            "\(mark(verdict)) \(conditions.count { $0.verdict == verdict })"
        }
        return "\(conditions.count) conditions: \(parts.joined(separator: ", "))"
    }

    private static func mark(_ verdict: Condition.Verdict) -> String {
        switch verdict {
        case .fine: "ok"
        case .widens: "widens"
        case .lacks: "lacks"
        case .unknown: "unknown"
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static let title = "What widens the noise of measurements on this machine"
    private static let width = 80
    private static let gap = 2
    private static let markWidth = (Condition.Verdict.allCases.map { mark($0).count }.max() ?? 0) + gap
}
