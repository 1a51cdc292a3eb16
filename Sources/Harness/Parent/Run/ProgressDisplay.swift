// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement
import Reports

/// The progress of a run on standard error: a bar on a terminal, otherwise a line per batch.
struct ProgressDisplay {
    private let plan: Plan
    /// Seconds that the run takes at least; nil for no more than the planned rounds.
    private let budget: Double?
    private let batches: Int
    private let varied: VariedParameters
    private let isTerminal: Bool
    private let start = MonotonicClock.now()
    private var done = 0
    /// The seconds of counting trials, of which there will be no more.
    private var counting = 0.0
    /// The batches of the plan that were measured before an interruption.
    private let before: Int

    /// - Parameter before: the records from before an interruption.
    init(
        _ plan: Plan,
        budget: Double?,
        after earlier: [TrialRecord],
        isTerminal: Bool = isatty(STDERR_FILENO) == 1
    ) {
        self.plan = plan
        self.budget = budget
        let planned = earlier.measured.map(\.trial).filter { $0.round <= plan.rounds }
        let measured = Dictionary(grouping: planned) { $0.cell.conditions }.values.map { Set($0.map(\.round)).count }
        before = measured.reduce(0, +)
        batches = plan.batches(1).count
        varied = VariedParameters(plan.cells)
        self.isTerminal = isTerminal
    }

    /// A batch starts.
    func batchStarts(_ cells: [Cell], round: Int) {
        guard isTerminal else { return }
        // Carriage return, and erase to the end of the line.
        Console.noteRaw("\r\u{1b}[K\(bar) round \(round): \(label(cells))\(timeLeft)")
    }

    /// A batch has ended.
    mutating func batchEnded(_ cells: [Cell], round: Int) {
        done += 1
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

    /// The counting trials have ended, after some nanoseconds.
    mutating func countingEnded(after time: UInt64) { counting += Double(time) / 1e9 }

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

    private var timeLeft: String { done > 0 ? ", \(Int(remaining.rounded(.up))) s left" : "" }

    private var elapsed: Double { Double(MonotonicClock.now() - start) / 1e9 }

    /// Seconds to the end: the budget's, or those of the rounds that run in any case at the pace so far, whichever is more.
    private var remaining: Double {
        let left = Double(max(batches * plan.leastRounds - before - done, 0))
        let planned = done > 0 ? (elapsed - counting) / Double(done) * left : 0
        return max(planned, (budget ?? 0) - elapsed)
    }

    private func label(_ cells: [Cell]) -> String { cells.first.map { varied.label($0) } ?? "" }
}
