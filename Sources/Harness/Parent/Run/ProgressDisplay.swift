// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement
import Reports

/// The progress of a run on standard error: a bar on a terminal, otherwise a line per trial.
struct ProgressDisplay {
    private let total: Int
    private let varied: VariedParameters
    private let rounds: Int
    private let isTerminal: Bool
    private let start = MonotonicClock.now()
    private var done = 0

    init(_ plan: Plan, isTerminal: Bool = isatty(STDERR_FILENO) == 1) {
        total = plan.trials.count
        rounds = plan.rounds
        varied = VariedParameters(plan.cells)
        self.isTerminal = isTerminal
    }

    /// A trial starts.
    func trialStarts(_ trial: Trial) {
        guard isTerminal else { return }
        // Carriage return, and erase to the end of the line.
        Console.noteRaw("\r\u{1b}[K\(bar) \(position(trial)) \(label(trial.cell))\(timeLeft)")
    }

    /// A trial has ended.
    mutating func trialEnded(_ record: TrialRecord) {
        done += 1
        if isTerminal && record.message == nil { return }
        let erase = isTerminal ? "\r\u{1b}[K" : ""
        Console.note(
            "\(erase)[\(done)/\(total)] \(position(record.trial)) \(label(record.observed)): \(outcome(record))"
        )
    }

    /// A trial is skipped, because its cell failed in an earlier round.
    mutating func trialSkipped() { done += 1 }

    /// Clears the bar, after the last trial.
    func clear() {
        if isTerminal { Console.noteRaw("\r\u{1b}[K") }
    }

    private var bar: String {
        let width = 24
        let filled = total == 0 ? width : width * done / total
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }

    private var timeLeft: String {
        guard done > 0 else { return "" }
        let seconds = Double(MonotonicClock.now() - start) / 1e9
        return ", \(Int((seconds / Double(done) * Double(total - done)).rounded(.up))) s left"
    }

    private func position(_ trial: Trial) -> String { "round \(trial.round)/\(rounds)" }

    private func label(_ cell: Cell) -> String { "\(varied.label(cell)) \(cell.backend) \(cell.switching)" }

    private func outcome(_ record: TrialRecord) -> String {
        let primary = record.measures.first { $0.metric == record.observed.metric }
        let figure = primary.map { Figure.readable($0.value, unit: $0.metric.unit) }
        let remark = record.message.map { "\(record.status.rawValue): \($0)" }
        return [figure, remark].compactMap(\.self).joined(separator: ", ")
    }
}
