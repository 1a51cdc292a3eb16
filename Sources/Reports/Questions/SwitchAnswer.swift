// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The answer to whether a soft switch is ten times faster than a hard one.
enum SwitchAnswer {
    static let question = "Is a soft switch ten times faster than a hard one?"

    /// By what a yield costs, which is a switch and nothing else; and, for switches that copy the stack, by their depth.
    static func answer(_ evidence: Evidence) -> FoundingAnswer? {
        let soft = evidence.rows("yield").first { $0.cell.switching == "soft" }
        guard let soft, let hard = evidence.row("yield", "\(soft.cell.backend) hard"),
            let comparison = evidence.comparison(hard, to: soft)
        else { return nil }
        let copies = copies(evidence, soft.cell.backend)
        return FoundingAnswer(
            question: question,
            sentence: sentence(comparison) + (copies.map { "; \($0)" } ?? "") + ".",
            figure: Wording.factor(comparison.ratio),
            interval: comparison.intervalText,
            evidence: copies == nil ? evidence.place(hard) : .section(DepthSection.title)
        )
    }

    private static func sentence(_ comparison: Comparison) -> String {
        let verdict = comparison.interval.map { $0.low >= factor ? "Yes" : $0.high < factor ? "No" : nil } ?? nil
        let rest = "a hard one that swaps stacks takes \(comparison.times("long")) as a soft one"
        return "\(verdict ?? "The run cannot tell"): \(rest)"
    }

    private static let factor = DepthSweep.factor

    /// What a switch that copies the live part of the stack costs: what Stackless and greenlet call hard.
    private static func copies(_ evidence: Evidence, _ backend: String) -> String? {
        let sweeps = DepthSweep.all(evidence.report.rows).filter { $0.cell.switching == "slice" }
        guard let sweep = sweeps.first(where: { $0.cell.backend == backend }) ?? sweeps.first,
            let first = sweep.figures.first, let last = sweep.figures.last, let tenfold = sweep.tenfold
        else { return nil }
        let least = Figure.significant(first.figures.value / sweep.soft)
        let most = Figure.significant(last.figures.value / sweep.soft)
        let depth = Figure.readable(Double(last.bytes), unit: "bytes")
        return
            "one that copies the stack \(ten(tenfold)) (\(least) of them with \(first.bytes) B, \(most) with \(depth))"
    }

    private static func ten(_ tenfold: DepthSweep.Tenfold) -> String {
        switch tenfold {
        case .from(let bytes):
            "takes as long as ten soft ones from \(Figure.readable(bytes, unit: "bytes")) of live frames on"
        case .always: "takes as long as ten soft ones or more at every depth"
        case .notUpTo(let bytes):
            "takes less than ten soft ones up to \(Figure.readable(Double(bytes), unit: "bytes")) of live frames"
        }
    }
}
