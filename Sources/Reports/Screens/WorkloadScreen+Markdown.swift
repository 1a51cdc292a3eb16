// SPDX-License-Identifier: Apache-2.0

import Measurement

extension WorkloadScreen {
    /// The screen in Markdown.
    var markdown: String {
        var table = MarkdownTable([
            ("scheduler", .left), (metric, .right), ("times", .right), ("95 % interval", .right), ("switches", .right),
            ("system calls", .right), ("", .left),
        ])
        for row in rows { table.add(Self.cells(row)) }
        let parameters = parameters.isEmpty ? "" : "\n`\(parameters)`\n"
        let words = (causes + blindness).map { "- \($0)\n" }.joined()
        return "### \(label)\n\(parameters)\n\(table.text)\(words.isEmpty ? "" : "\n\(words)")"
    }

    private static func cells(_ row: Row) -> [String] {
        [
            row.couldBeBest ? "**\(row.scheduler)**" : row.scheduler, row.figure,
            row.factor.map(Figure.significant) ?? "",
            row.factorInterval.map { $0.map(Figure.significant).joined(separator: " – ") } ?? "",
            row.switches.map(Wording.count) ?? "", row.systemCalls.map(Wording.count) ?? "", row.remark,
        ]
    }
}
