// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The profiles that were taken after the measurements, one line each, and what taking them costs.
enum ProfileSection {
    /// Empty where there are none.
    static func text(_ entries: [ProfileEntry]) -> String {
        guard !entries.isEmpty else { return "" }
        return """
            ## Profiles

            Taken after all had been measured. What threads were at, of the processor time; each page is a flame graph, and \
            beside it is a report (`.md`) with hot functions and intervals. So many samples tell no small differences: \
            `bench profile` takes more.

            \(shares(entries))
            \(costs(entries))
            """
    }

    private static func shares(_ entries: [ProfileEntry]) -> String {
        let names = entries.flatMap { $0.shares.map(\.name) }.unique
        var table = MarkdownTable(
            [("workload", .left), ("backend", .left), ("switching", .left)] + names.map { ($0, .right) }
                + [("samples", .right), ("flame graph", .left)]
        )
        for entry in entries {
            let cells = names.map { name in entry.shares.first { $0.name == name }.map { percent($0.fraction) } ?? "" }
            let page = entry.page.map { "[page](\($0))" }
            let remark = [page, entry.failure].compactMap(\.self).joined(separator: "; ")
            table.add(
                [entry.cell.workload, entry.cell.backend, entry.cell.switching] + cells + ["\(entry.samples)", remark]
            )
        }
        return table.text
    }

    /// What the profiler costs, backend by backend: its ticks interrupt what they find, and not all bear it alike.
    private static func costs(_ entries: [ProfileEntry]) -> String {
        var table = MarkdownTable([
            ("backend", .left), ("profiles", .right), ("median", .right), ("least", .right), ("most", .right),
        ])
        for backend in entries.map(\.cell.backend).unique {
            let costs = entries.filter { $0.cell.backend == backend }.compactMap(\.cost).sorted()
            guard let median = Statistics.median(costs), let least = costs.first, let most = costs.last else {
                continue
            }
            table.add([backend, "\(costs.count)"] + [median, least, most].map(Figure.significant))
        }
        return """
            What the profiler costs: the processor time of an operation with it, as times that without; one ran right after \
            the other.

            \(table.text)
            """
    }

    private static func percent(_ fraction: Double) -> String { "\(Figure.significant(fraction * 100)) %" }
}
