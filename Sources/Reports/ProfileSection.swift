// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The profiles that were taken after the measurements, one line each, and what taking them costs.
enum ProfileSection {
    /// Empty where there are none.
    static func text(_ entries: [ProfileEntry]) -> String {
        guard !entries.isEmpty else { return "" }
        return """
            ## Profiles

            Taken after all had been measured. What threads were at, of the processor time, with half of a 95 % interval \
            behind it; each page is a flame graph, and beside it is a report (`.md`) with hot functions. So few samples \
            tell no small differences: `bench profile` takes more. The cost is the processor time of an operation with \
            the profiler, as times that without.

            \(shares(entries))
            \(costs(entries))
            """
    }

    private static func shares(_ entries: [ProfileEntry]) -> String {
        let names = entries.flatMap { $0.shares.map(\.name) }.unique
        var table = MarkdownTable(
            [("workload", .left), ("backend", .left), ("switching", .left)] + names.map { ($0, .right) }
                + [("cost", .right), ("samples", .right), ("flame graph", .left)]
        )
        for entry in entries {
            let cells = names.map { name in entry.shares.first { $0.name == name }.map(points) ?? "" }
            let page = entry.page.map { "[page](\($0))" }
            let remark = [page, entry.failure].compactMap(\.self).joined(separator: "; ")
            let cost = entry.cost.map { cost in
                Figure.significant(cost.ratio)
                    + (cost.interval.map { " (\(Figure.significant($0.low))–\(Figure.significant($0.high)))" } ?? "")
            }
            table.add(
                [entry.cell.workload, entry.cell.backend, entry.cell.switching] + cells
                    + [cost ?? "", "\(entry.samples)", remark]
            )
        }
        return table.text
    }

    /// `58 ± 9`: points of 100.
    private static func points(_ part: ProfileEntry.Part) -> String {
        let half = (part.interval.high - part.interval.low) / 2
        return "\(Int((part.fraction * 100).rounded())) ± \(max(1, Int((half * 100).rounded()))) %"
    }

    /// What the profiler costs, backend by backend: its ticks interrupt what they find, and not all bear it alike.
    private static func costs(_ entries: [ProfileEntry]) -> String {
        var table = MarkdownTable([
            ("backend", .left), ("profiles", .right), ("median", .right), ("least", .right), ("most", .right),
        ])
        for backend in entries.map(\.cell.backend).unique {
            let costs = entries.filter { $0.cell.backend == backend }.compactMap { $0.cost?.ratio }.sorted()
            guard let median = Statistics.median(costs), let least = costs.first, let most = costs.last else {
                continue
            }
            table.add([backend, "\(costs.count)"] + [median, least, most].map(Figure.significant))
        }
        return """
            What the profiler costs under each backend, over its profiles:

            \(table.text)
            """
    }
}
