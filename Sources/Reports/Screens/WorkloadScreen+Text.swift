// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement

extension WorkloadScreen {
    /// The screen for a terminal.
    package func text(_ terminal: TerminalText) -> String {
        let parameters = parameters.isEmpty ? "" : " (\(parameters.replacing(";", with: ", ")))"
        let head = TerminalText.wrapped("\(label): \(metric)\(parameters)", indent: 0).map(terminal.bold)
        let scale = BarScale(rows)
        let table = [terminal.faint(Self.heading)] + rows.map { line($0, scale, terminal) }
        let words = (causes + blindness).flatMap { TerminalText.wrapped($0, indent: 2) }
        let key = rows.contains(where: \.couldBeBest) ? ["  > could be the best"] : []
        let remarks = rows.map(\.remark).unique.filter { !$0.isEmpty }.map { "  * \($0)" }
        return (head + table + key + remarks + words).map { "\($0)\n" }.joined()
    }

    private static let heading = columns(
        "scheduler",
        "  ",
        "mean",
        "times",
        TerminalText.padded("log, 95 %: -|-", BarScale.width),
        "switches",
        "calls"
    )

    private func line(_ row: Row, _ scale: BarScale, _ terminal: TerminalText) -> String {
        guard let factor = row.factor else {
            return TerminalText.padded("  \(row.scheduler)", Self.nameWidth) + row.figure
        }
        let text =
            Self.columns(
                row.scheduler,
                row.couldBeBest ? "> " : "  ",
                row.figure.replacing(" (below resolution)", with: "<"),
                Figure.significant(factor),
                scale.bar(row),
                row.switches.map(Wording.count) ?? "",
                row.systemCalls.map(Wording.count) ?? ""
            ) + (row.remark.isEmpty ? "" : " *")
        return row.couldBeBest ? terminal.bold(text) : text
    }

    private static func columns(
        _ name: String,
        _ mark: String,
        _ figure: String,
        _ factor: String,
        _ bar: String,
        _ switches: String,
        _ calls: String
    ) -> String {
        TerminalText.padded("\(mark)\(name)", nameWidth) + TerminalText.aligned(figure, 9)
            + TerminalText.aligned(factor, 7) + " " + bar + TerminalText.aligned(switches, 9)
            + TerminalText.aligned(calls, 7)
    }

    private static let nameWidth = 27
}

/// The bars of a terminal: `=` up to the interval, `-` in it, and `|` at the figure.
///
/// The bar begins at the best's factor, 1, or at the start of the least interval; its length is the logarithm of the
/// factor, since factors range from 1 to hundreds.
private struct BarScale {
    /// The columns of a bar.
    static let width = 15
    private let low: Double
    private let high: Double

    init(_ rows: [WorkloadScreen.Row]) {
        let ends = rows.flatMap { ($0.factorInterval ?? []) + [$0.factor].compactMap(\.self) }.filter { $0 > 0 }
        low = log(min(ends.min() ?? 1, 1))
        // Something to tell apart, where all are alike.
        high = max(log(ends.max() ?? 1), low + log(1.25))
    }

    func bar(_ row: WorkloadScreen.Row) -> String {
        guard let factor = row.factor else { return TerminalText.padded("", Self.width) }
        let ends = row.factorInterval ?? [factor, factor]
        let (start, point, end) = (column(ends[0]), column(factor), column(ends[1]))
        let cells = (0..<Self.width).map { index in
            index == point ? "|" : index < start ? "=" : index <= end ? "-" : index < point ? "=" : " "
        }
        return cells.joined()
    }

    private func column(_ factor: Double) -> Int {
        guard factor > 0 else { return 0 }
        let share = (log(factor) - low) / (high - low)
        return min(max(Int((share * Double(Self.width - 1)).rounded()), 0), Self.width - 1)
    }
}
