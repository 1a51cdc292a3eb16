// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The report's section on the profiles taken after the measurements, and on the profiler's overhead.
enum ProfileSection {
    /// The section; empty without profiles.
    static func text(_ entries: [ProfileEntry], _ varied: VariedParameters) -> String {
        guard !entries.isEmpty else { return "" }
        return """
            ## Profiles

            \(explanation)

            \(shares(entries, varied).text)
            \(costsExplanation)

            \(costs(entries).text)
            """
    }

    /// What the tables show.
    static let explanation = """
        Taken after all measurements. Shares are of the processor time, ± half of their 95 % interval. Each page is a \
        flame graph; the report beside it (`.md`) lists hot functions. These profiles have too few samples to show \
        small differences; `bench profile` takes more. The cost is the processor time per operation with the \
        profiler, divided by that without.
        """

    /// What the table of costs shows.
    static let costsExplanation = "The profiler's cost by backend, over all of a backend's profiles:"

    /// A row per profile.
    ///
    /// The last column has the link to the flame graph, in Markdown, and why a profile failed.
    static func shares(_ entries: [ProfileEntry], _ varied: VariedParameters) -> MarkdownTable {
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
                [varied.label(entry.cell), entry.cell.scheduler, entry.cell.switching] + cells
                    + [cost ?? "", "\(entry.samples)", remark]
            )
        }
        return table
    }

    /// A share in per cent, such as `58 ± 9 %`.
    private static func points(_ part: ProfileEntry.Part) -> String {
        let half = (part.interval.high - part.interval.low) / 2
        return "\(Figure.fixed(part.fraction * 100, decimals: 0)) ± \(Figure.fixed(max(1, half * 100), decimals: 0)) %"
    }

    /// The profiler's overhead by backend: its signals interrupt system calls, which affects backends differently.
    static func costs(_ entries: [ProfileEntry]) -> MarkdownTable {
        var table = MarkdownTable([
            ("backend", .left), ("profiles", .right), ("median", .right), ("minimum", .right), ("maximum", .right),
        ])
        for backend in entries.map(\.cell.backend).unique {
            let costs = entries.filter { $0.cell.backend == backend }.compactMap { $0.cost?.ratio }.sorted()
            guard let median = Statistics.median(costs), let minimum = costs.first, let maximum = costs.last else {
                continue
            }
            table.add([backend, "\(costs.count)"] + [median, minimum, maximum].map(Figure.significant))
        }
        return table
    }
}
