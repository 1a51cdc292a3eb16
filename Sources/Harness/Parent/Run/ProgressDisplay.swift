// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement
import Reports
import Workloads

/// The progress of a run on standard error: a bar on a terminal, otherwise a line per batch.
struct ProgressDisplay {
    /// Seconds that the run takes at least; nil for no more than the planned rounds.
    private let budget: Double?
    private let varied: VariedParameters
    private let comparingParameters: Set<String>
    private let isTerminal: Bool
    private let start = MonotonicClock.now()
    private var estimate: TimeEstimate

    /// - Parameter before: the records from before an interruption.
    init(
        _ plan: Plan,
        budget: Double?,
        after earlier: [TrialRecord],
        isTerminal: Bool = isatty(STDERR_FILENO) == 1
    ) {
        self.budget = budget
        estimate = TimeEstimate(plan, after: earlier) { Workloads.named($0.workload)?.isServer ?? false }
        varied = VariedParameters(plan.cells)
        comparingParameters = plan.comparingParameters ?? []
        self.isTerminal = isTerminal
    }

    /// A batch starts.
    func batchStarts(_ cells: [Cell], round: Int) {
        guard isTerminal else { return }
        // Carriage return, and erase to the end of the line.
        Console.noteRaw("\r\u{1b}[K\(bar) round \(round): \(label(cells))\(timeLeft)")
    }

    /// A batch has ended; see ``TimeEstimate/batchEnded(_:failed:)``.
    mutating func batchEnded(_ cells: [Cell], round: Int, seconds: [Cell: Double], failed: Set<Cell>) {
        estimate.batchEnded(seconds, failed: failed)
        if isTerminal { return }
        let count = cells.count == 1 ? "1 process" : "\(cells.count) processes"
        Console.note("[\(Int(elapsed)) s] round \(round): \(label(cells)), \(count)\(timeLeft)")
    }

    /// The counting trials of a group start, after others, of so many.
    func countingStarts(_ cells: [Cell], after others: Int, of count: Int) {
        if isTerminal {
            Console.noteRaw("\r\u{1b}[Kcounting trials, \(others) of \(count) done: \(label(cells))")
        } else if others == 0 {
            Console.note("[\(Int(elapsed)) s] counting trials: \(count == 1 ? "1 process" : "\(count) processes")")
        }
    }

    /// The counting trials have ended.
    mutating func countingEnded() { estimate.hasCounted = true }

    /// Shows what a record has to say.
    func note(_ record: TrialRecord) {
        guard let message = record.message else { return }
        let erase = isTerminal ? "\r\u{1b}[K" : ""
        let cell = record.observed
        let build = cell.build.map { " \($0)" } ?? ""
        let name = "\(varied.label(cell)) \(cell.scheduler) \(cell.switching)\(build)"
        Console.note("\(erase)\(name), \(record.trial.occasion): \(record.status.rawValue): \(message)")
    }

    /// Clears the bar, after the last batch.
    func clear() {
        if isTerminal { Console.noteRaw("\r\u{1b}[K") }
    }

    private var bar: String {
        let width = 24
        let filled = Int(Double(width) * min(1, elapsed / max(elapsed + remaining, 0.001)))
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }

    private var timeLeft: String {
        estimate.remaining == nil ? "" : ", \(Int(remaining.rounded(.up))) s left"
    }

    private var elapsed: Double { Double(MonotonicClock.now() - start) / 1e9 }

    /// Seconds to the end: the budget's, or those of the rounds that run in any case, whichever is more.
    private var remaining: Double { max(estimate.remaining ?? 0, (budget ?? 0) - elapsed) }

    private func label(_ cells: [Cell]) -> String {
        guard let first = cells.first else { return "" }
        guard comparingParameters.contains(first.workload) else { return varied.label(first) }
        return "\(first.workload) on \(first.scheduler), \(first.switching)"
    }
}
