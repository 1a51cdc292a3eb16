// SPDX-License-Identifier: Apache-2.0

import Measurement

/// Why a workload's figures are what they are: its switches and system calls per operation.
struct Explanation: Sendable {
    /// What each prefix counts, for a sentence.
    private static let kinds = [("switches-by-", "Switches"), ("syscalls-", "System calls")]
    private static let mechanisms = Set(
        ["soft", "hard", "slice", "continuation", "kernel"].map { Metric.switches($0).name }
    )

    private let rows: [Cell: [ResultRow]]
    private let cells: [Cell]
    private let names: SchedulerNames

    /// - Parameter rows: those of the workload.
    init(_ rows: [ResultRow], _ names: SchedulerNames) {
        self.rows = Dictionary(grouping: rows.filter { $0.figures != nil }, by: \.cell)
        cells = rows.map(\.cell).unique
        self.names = names
    }

    /// The switches of a cell per operation, of every mechanism; nil where they were not counted.
    func switches(_ cell: Cell) -> Double? {
        let counts = values(cell).filter { Self.mechanisms.contains($0.name) }
        return counts.isEmpty ? nil : counts.map(\.value).reduce(0, +)
    }

    /// The system calls of a cell per operation; nil where they were not counted.
    func systemCalls(_ cell: Cell) -> Double? {
        values(cell).first { $0.name == Metric.systemCalls.name }?.value
    }

    /// Switches by cause and system calls by name, once for all schedulers that have the same ones.
    var sentences: [String] {
        Self.kinds.flatMap { prefix, title in
            let known = cells.map { (cell: $0, counts: counts($0, prefix)) }.filter { !$0.counts.isEmpty }
            let all = known.map { SchedulerName($0.cell) }
            return known.map { $0.counts.map(\.name) }.unique.map { names in
                let own = known.filter { $0.counts.map(\.name) == names }
                let schedulers = own.map { SchedulerName($0.cell) }
                let text = Self.text(names, own.map { $0.counts.map(\.value) })
                let list = own.count == all.count ? "" : " (\(self.names.list(schedulers, of: all, width: 60)))"
                return "\(title): \(text)\(list)."
            }
        }
    }

    /// What schedulers count, each as a range where they differ.
    private static func text(_ names: [String], _ values: [[Double]]) -> String {
        names.indices.map { index in
            let own = values.map { $0[index] }
            let ends = [own.min() ?? 0, own.max() ?? 0].map(Wording.count).unique
            return "\(names[index]) \(ends.joined(separator: "-"))"
        }.joined(separator: ", ")
    }

    /// The counts with a prefix that are worth a word, in the order of their names: at least one in a hundred operations.
    private func counts(_ cell: Cell, _ prefix: String) -> [(name: String, value: Double)] {
        values(cell).filter { $0.name.hasPrefix(prefix) && $0.value >= 0.01 }.sorted { $0.name < $1.name }
            .map { (String($0.name.dropFirst(prefix.count)), $0.value) }
    }

    private func values(_ cell: Cell) -> [(name: String, value: Double)] {
        rows[cell, default: []].compactMap { row in row.figures.map { (row.metric.name, $0.value) } }
    }
}
