// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The answer to how often hard switches occur in a request, and why.
enum HardSwitchesAnswer {
    static let question = "How often does a hard switch occur per HTTP request, in each style, and by which cause?"

    /// By the counts of `blocking-styles`, of the first scheduler.
    static func answer(_ evidence: Evidence) -> FoundingAnswer? {
        let cells = evidence.styles.all.filter { $0.softening == nil && $0.status.hasFigures }
        let parts = [("tasklet", "in asynchronous code"), ("frame", "below a synchronous frame")].compactMap {
            place,
            text in
            sentence(cells.filter { $0.place == place }).map { "\(text) \($0)" }
        }
        guard !parts.isEmpty else { return nil }
        return FoundingAnswer(
            question: question,
            sentence: parts.joined(separator: "; ").capitalizedFirst + ".",
            figure: cells.map(\.hardSwitches).max().map { "\(Wording.count($0)) at most" },
            interval: nil,
            evidence: .section(WaysToWaitSection.title)
        )
    }

    private static func sentence(_ cells: [StyledCell]) -> String? {
        let never = cells.filter { $0.hardSwitches == 0 }.map(\.style)
        let often = cells.filter { $0.hardSwitches > 0 }.map { cell in
            let causes = cell.hardCauses.map { "\($0.name) \(Wording.count($0.count))" }.joined(separator: ", ")
            return "\(Wording.count(cell.hardSwitches)) times with \(cell.style) (by \(causes))"
        }
        let parts = (never.isEmpty ? [] : ["never with \(Wording.list(never))"]) + often
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

/// The answer to what it brings to remove hard switches.
enum SofteningAnswer {
    static let question = "What does it bring to turn hard switches into soft ones?"

    static func answer(_ evidence: Evidence) -> FoundingAnswer? {
        let pairs = evidence.styles.changes
        let told = pairs.compactMap { pair in pair.processorTime.map { (pair: pair, time: $0) } }
        guard let best = told.min(by: { $0.time.comparison.ratio < $1.time.comparison.ratio }) else { return nil }
        let paying = told.filter { $0.time.isTold && $0.time.comparison.ratio < 1 }
        let verdict = paying.isEmpty ? "Nothing that this run can tell" : "Processor time of a request"
        let list = told.map { text($0.pair, $0.time) }.joined(separator: "; ")
        return FoundingAnswer(
            question: question,
            sentence: "\(verdict): \(list).",
            figure: Wording.factor(best.time.comparison.ratio),
            interval: best.time.comparison.intervalText,
            evidence: .section(SofterSwitchesSection.title)
        )
    }

    private static func text(_ pair: SofterSwitches, _ time: SofterSwitches.Ratio) -> String {
        let place = pair.with.place == "frame" && pair.with.softening != "fast-path" ? " below a frame" : ""
        let counts = [pair.without, pair.with].map { Wording.count($0.hardSwitches) }.joined(separator: " to ")
        let factor = "\(time.isTold ? "" : "≈ ")\(Wording.factor(time.comparison.ratio))"
        return "\(pair.title)\(place) takes hard switches from \(counts), and the processor time to \(factor)"
    }
}

/// The answer to what `blockOn` costs against a one-shot.
enum BlockOnAnswer {
    static let question = "What does `blockOn` cost against a one-shot?"

    static func answer(_ evidence: Evidence) -> FoundingAnswer? {
        let cells = evidence.styles
        guard let blockOn = cells.cell("block-on"), let oneShot = cells.cell("one-shot"),
            let comparison = evidence.report.summary.comparison(of: .cpuTime, in: blockOn.cell, to: oneShot.cell)
        else { return nil }
        let counts = [blockOn, oneShot].map { Wording.count($0.allSwitches) }
        return FoundingAnswer(
            question: question,
            sentence: """
                A request takes \(comparison.times("much")) processor time with `blockOn`, and \(counts[0]) switches instead of \
                \(counts[1]).
                """,
            figure: Wording.factor(comparison.ratio),
            interval: comparison.intervalText,
            evidence: .section(WaysToWaitSection.title)
        )
    }
}

/// The answer to whether tasklets make callbacks unnecessary.
enum CallbacksAnswer {
    static let question = "Can callbacks go?"

    /// So much more processor time counts as a price.
    static let price = 1.1

    static func answer(_ evidence: Evidence) -> FoundingAnswer? {
        let cells = evidence.styles
        guard let tasklets = cells.cell("tasklets"), let callbacks = cells.cell("callbacks"),
            let comparison = evidence.report.summary.comparison(of: .cpuTime, in: tasklets.cell, to: callbacks.cell)
        else { return nil }
        let lines = [tasklets, callbacks].compactMap { $0.figures(.linesOfCode)?.value }.map(Figure.compact)
        let code = lines.count == 2 ? ", with \(lines[0]) lines of code instead of \(lines[1])" : ""
        return FoundingAnswer(
            question: question,
            sentence: """
                \(verdict(comparison)): a front end of tasklets takes \(comparison.times("much")) processor time a request as one \
                of callbacks\(code)\(memory(evidence)).
                """,
            figure: Wording.factor(comparison.ratio),
            interval: comparison.intervalText,
            evidence: .section(WaysToWaitSection.title)
        )
    }

    private static func verdict(_ comparison: Comparison) -> String {
        guard let interval = comparison.interval else { return "The run cannot tell" }
        return interval.high <= price
            ? "Yes" : interval.low > price ? "At a price" : "Nearly, as far as the run can tell"
    }

    /// What a connection takes, where that was measured.
    private static func memory(_ evidence: Evidence) -> String {
        let rows = evidence.rows("protocol-memory")
        func text(_ style: String) -> String? { rows.first { $0.cell.word("style") == style }?.text }
        guard let tasklets = text("tasklets"), let callbacks = text("callbacks") else { return "" }
        let protocols =
            text("protocols").map { ", and \($0) with its protocol in a tasklet that a reactor feeds" } ?? ""
        return "; an idle connection takes \(tasklets) instead of \(callbacks)\(protocols)"
    }
}

/// The cells of `blocking-styles` of the first scheduler that ran it.
struct StyledCells {
    let all: [StyledCell]
    /// See ``SofterSwitches``.
    let changes: [SofterSwitches]

    init(_ report: RunReport) {
        let cells = StyledCell.all(report.rows)
        let first = cells.first?.common
        all = cells.filter { $0.common == first }
        changes = SofterSwitches.all(report).filter { $0.with.common == first }
    }

    /// A style that waits in asynchronous code, as it is.
    func cell(_ style: String) -> StyledCell? {
        all.first { $0.style == style && $0.place == "tasklet" && $0.softening == nil && $0.status.hasFigures }
    }
}

extension StyledCell {
    /// Switches per operation, by any mechanism.
    fileprivate var allSwitches: Double { switches.map(\.count).reduce(0, +) }
}
