// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The report's table of what the machine's primitives cost.
enum CalibrationSection {
    /// The section, in Markdown.
    static func text(_ run: RunDescription) -> String {
        "## Calibration\n\n\(sentence(run))\n" + (table(run).map { "\n\($0.text)" } ?? "")
    }

    /// What the table shows, or why it is missing.
    static func sentence(_ run: RunDescription) -> String {
        guard let calibration = run.calibration else {
            return "Calibration failed: \(run.calibrationFailure ?? "it has not run")."
        }
        let place = calibration.cpu.map { " On CPU \($0)" } ?? ""
        let other = calibration.otherCPU.map { "; the other core is CPU \($0)" } ?? ""
        return "The cost of the machine's primitives just before the run.\(place)\(other)."
    }

    /// The primitives; nil without a calibration.
    static func table(_ run: RunDescription) -> MarkdownTable? {
        guard let calibration = run.calibration else { return nil }
        var table = MarkdownTable([("primitive", .left), ("ns", .right)])
        for item in calibration.items {
            table.add([item.name, item.nanoseconds.map(Figure.significant) ?? "not available"])
        }
        return table
    }
}
