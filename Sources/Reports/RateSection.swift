// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The section on a sweep of the offered rate: what each scheduler adds to the latency at each, and up to which it
/// keeps that within a limit.
enum RateSection {
    static let title = "Latency against offered rate"

    /// The section, in Markdown; empty where no workload ran at several rates.
    static func text(_ rows: [ResultRow]) -> String { MarkdownTable.section(title, explanation, tables(rows)) }

    /// What the tables show.
    static let explanation = """
        The 99th percentile of the added latency at each offered rate, in requests per second. A rate is *sustained* \
        if at this and every lower rate of the table it is at most \(Figure.readable(RateSweep.limit, unit: "ns")), and \
        every request was answered; the table names the highest. "≥" means that the sweep ends, or has too few requests, \
        before a rate that is too high. A figure takes at least 1,000 requests.
        """

    /// A table per workload that ran at several rates.
    static func tables(_ rows: [ResultRow]) -> [MarkdownTable] {
        let sweeps = RateSweep.all(rows)
        let remarks = GeneratorRemarks(rows)
        return sweeps.map(\.cell.workload).unique.map { workload in
            table(sweeps.filter { $0.cell.workload == workload }, remarks)
        }
    }

    private static func table(_ sweeps: [RateSweep], _ remarks: GeneratorRemarks) -> MarkdownTable {
        let rates = sweeps.first?.rates ?? []
        let hasBuilds = sweeps.contains { $0.cell.build != nil }
        let varied = VariedParameters(sweeps.map(\.cell))
        var table = MarkdownTable(
            [("workload", .left), ("backend", .left), ("switching", .left)] + (hasBuilds ? [("build", .left)] : [])
                + rates.map { (text($0), .right) } + [("sustained", .left)]
        )
        for sweep in sweeps {
            let cell = sweep.cell
            table.add(
                [varied.label(cell), cell.scheduler, cell.switching] + (hasBuilds ? [Wording.build(cell.build)] : [])
                    + rates.map { figure(sweep.outcome(at: $0)) }
                    + [text(sweep.sustained) + (sweep.overloaded.map { remarks.remark(on: $0, for: $0.metric) } ?? "")]
            )
        }
        return table
    }

    private static func figure(_ outcome: RateSweep.Outcome) -> String {
        switch outcome {
        case .answered(let row): row.figures.map { Wording.figure($0, unit: row.metric.unit) } ?? ""
        case .failed(let status): Wording.status(status)
        case .unknown: ""
        }
    }

    private static func text(_ sustained: RateSweep.Sustained) -> String {
        switch sustained {
        case .rate(let rate): text(rate)
        case .atLeast(let rate): "≥ \(text(rate))"
        case .below(let rate): "less than \(text(rate))"
        case .unknown: "too few requests to tell"
        }
    }

    private static func text(_ rate: Int) -> String { "\(Figure.fixed(Double(rate), decimals: 0))/s" }
}
