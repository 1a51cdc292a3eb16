// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The styles of `blocking-styles` as a terminal shows them: what a request costs, and its hard switches.
enum WaysToWaitScreen {
    /// A heading per scheduler and a line per style, place and change; empty where the workload did not run.
    static func text(_ rows: [ResultRow], _ terminal: TerminalText) -> String {
        let cells = StyledCell.all(rows)
        let varied = VariedParameters(cells.map(\.common))
        let schedulers = Dictionary(grouping: cells, by: \.common)
        return cells.map(\.common).unique.map { common in
            let head =
                "\(varied.label(common)) on \(common.scheduler), \(common.switching): requests, CPU, hard switches"
            let lines = TerminalText.wrapped(head, indent: 0).map(terminal.bold) + (schedulers[common] ?? []).map(line)
            return lines.map { "\($0)\n" }.joined()
        }.joined(separator: "\n")
    }

    private static func line(_ cell: StyledCell) -> String {
        let name =
            TerminalText.padded("  \(cell.style)", 13) + TerminalText.padded(cell.shownPlace, 9)
            + TerminalText.padded(cell.softening ?? "", 19)
        guard cell.status.hasFigures else { return name + Wording.status(cell.status) }
        return name + TerminalText.aligned(cell.text(.requestsPerSecond), 9)
            + TerminalText.aligned(cell.text(.cpuTime), 9) + TerminalText.aligned(Wording.count(cell.hardSwitches), 7)
    }
}
