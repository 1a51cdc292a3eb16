// SPDX-License-Identifier: Apache-2.0

import Measurement

/// What `bench run` and `bench report` print: the answer, and, of a run of a few workloads, what it rests on.
package enum TerminalReport {
    /// The text, at most 80 columns wide.
    package static func text(_ report: RunReport, _ terminal: TerminalText) -> String {
        let answer = FirstScreen(report).text(terminal)
        if case .build(let name) = report.baseline {
            return "\(answer)\n\(BuildsScreen.text(report, other: name, terminal))"
        }
        let screens = WorkloadScreen.all(report)
        // More would push the answer off the screen.
        guard screens.count <= 3 else {
            return answer + terminal.faint("The report has a ranking for each of the \(screens.count) workloads.\n")
        }
        return ([answer] + screens.map { $0.text(terminal) }).joined(separator: "\n")
    }
}
