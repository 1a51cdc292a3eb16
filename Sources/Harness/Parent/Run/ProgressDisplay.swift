// SPDX-License-Identifier: Apache-2.0

import Glibc
import Measurement
import Reports

/// What runs and how long it will take, on standard error: a bar on a terminal, otherwise a line per trial.
struct Progress {
    private let total: Int
    private let rounds: Int
    private let isTerminal: Bool
    private let start = MonotonicClock.now()
    private var done = 0

    init(total: Int, rounds: Int, isTerminal: Bool = isatty(STDERR_FILENO) == 1) {
        self.total = total
        self.rounds = rounds
        self.isTerminal = isTerminal
    }

    /// A trial starts.
    func starts(_ trial: Trial) {
        guard isTerminal else { return }
        // Back to the start of the line, and what is left of the last text erased.
        Output.noteRaw("\r\u{1b}[K\(bar) \(position(trial)) \(label(trial.cell))\(timeLeft)")
    }

    /// A trial has ended, or was skipped.
    mutating func ended(_ record: TrialRecord) {
        done += 1
        if isTerminal && record.message == nil { return }
        let erase = isTerminal ? "\r\u{1b}[K" : ""
        Output.note(
            "\(erase)[\(done)/\(total)] \(position(record.trial)) \(label(record.observed)): \(outcome(record))"
        )
    }

    /// A cell that has failed is not tried again.
    mutating func skipped() { done += 1 }

    /// Nothing more will run.
    func finished() {
        if isTerminal { Output.noteRaw("\r\u{1b}[K") }
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

    private func label(_ cell: Cell) -> String { "\(cell.workload) \(cell.backend) \(cell.switching)" }

    private func outcome(_ record: TrialRecord) -> String {
        let own = record.measures.first { $0.metric == record.observed.metric }
        let figure = own.map { Figure.readable($0.value, unit: $0.metric.unit) }
        let remark = record.message.map { "\(record.status.rawValue): \($0)" }
        return [figure, remark].compactMap(\.self).joined(separator: ", ")
    }
}
