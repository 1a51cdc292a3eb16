// SPDX-License-Identifier: Apache-2.0

package import Measurement

/// The table that `bench compare` prints: what changed, what cannot be compared, and the first metric of every cell.
package enum ComparisonTable {
    /// The table, in Markdown, what the machine's speed means for it, and a last line that counts all rows.
    package static func text(_ comparison: RunComparison) -> String {
        let names = CellNames(comparison.rows.map(\.cell).unique)
        let lines = lines(comparison.rows)
        var table = MarkdownTable([
            ("workload", .left), ("backend", .left), ("switching", .left), ("metric", .left), ("old", .right),
            ("new", .right), ("ratio", .right), ("yardstick", .right), ("95 % interval", .right), ("verdict", .left),
        ])
        for line in lines { table.add(line.fields(names)) }
        let counts = counts(comparison.rows, incomparable: lines.count { $0.isIncomparable })
        let parts = [table.text, SpeedSentence.text(comparison.rows).map { "\($0)\n" }, "\(counts)\n"]
        return parts.compactMap(\.self).joined(separator: "\n")
    }

    /// The lines, of which those of a cell that cannot be compared for the same reason are one.
    private static func lines(_ rows: [ComparedRow]) -> [Line] {
        var lines: [Line] = []
        for row in rows where row.isShown {
            if let twin = lines.firstIndex(where: { $0.isIncomparable && $0.row.hasSameObstacle(as: row) }) {
                lines[twin].others.append(row)
            } else {
                lines.append(Line(row: row))
            }
        }
        return lines
    }

    private static func counts(_ rows: [ComparedRow], incomparable: Int) -> String {
        let verdicts = rows.compactMap(\.change?.verdict)
        let parts = Change.Verdict.allCases.map { verdict in
            "\(verdicts.count { $0 == verdict }) \(Wording.verdict(verdict))"
        }
        return "\(verdicts.count) \(verdicts.count == 1 ? "row" : "rows") compared: \(parts.joined(separator: ", ")); "
            + "\(incomparable) not comparable"
    }
}

/// A line of the table.
private struct Line {
    let row: ComparedRow
    /// Other metrics of the cell that cannot be compared for the same reason.
    var others: [ComparedRow] = []

    var isIncomparable: Bool { row.change == nil }

    func fields(_ names: CellNames) -> [String] {
        let metrics = ([row] + others).compactMap(\.metric).joined(separator: ", ")
        let figures = others.isEmpty ? [row.old, row.new].map { $0.map(Self.figure) ?? "" } : ["", ""]
        let comparison = row.change?.comparison
        return [names.name(row.cell), row.cell.scheduler, row.cell.switching, metrics] + figures + [
            comparison.map { Figure.significant($0.ratio) } ?? "",
            comparison?.slowdown.map(Figure.significant) ?? "",
            comparison?.interval.map(Wording.ratios) ?? "",
            Wording.finding(row.finding),
        ]
    }

    private static func figure(_ measure: Measure) -> String {
        Figure.readable(measure.value, unit: measure.metric.unit)
    }
}

extension ComparedRow {
    fileprivate func hasSameObstacle(as other: ComparedRow) -> Bool { cell == other.cell && finding == other.finding }

    fileprivate var isShown: Bool {
        switch change?.verdict {
        case nil, .worse, .better: true
        case .negligible, .undecided, .unknown, .belowResolution: isFirst
        }
    }
}
