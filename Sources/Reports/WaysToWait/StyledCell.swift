// SPDX-License-Identifier: Apache-2.0

import Measurement
import ParameterValues

/// A cell of the workload `blocking-styles`, with its figures: a style that waits somewhere, under a scheduler.
struct StyledCell {
    let cell: Cell
    /// How the cell's trials ended.
    let status: TrialStatus
    private let rows: [String: ResultRow]

    /// The cells of a run, scheduler by scheduler, in the order of their first rows; empty where the workload did not
    /// run.
    static func all(_ rows: [ResultRow]) -> [StyledCell] {
        let own = rows.filter { $0.cell.workload == "blocking-styles" && $0.cell.build == nil }
        let groups = Dictionary(grouping: own, by: \.cell)
        let cells = own.map(\.cell).unique.map { StyledCell($0, groups[$0] ?? []) }
        let schedulers = Dictionary(grouping: cells, by: \.common)
        return cells.map(\.common).unique.flatMap { schedulers[$0] ?? [] }
    }

    private init(_ cell: Cell, _ rows: [ResultRow]) {
        self.cell = cell
        status = rows.first?.status ?? .ok
        self.rows = Dictionary(rows.map { ($0.metric.name, $0) }) { first, _ in first }
    }

    /// How it waits.
    var style: String { cell.word("style") ?? "" }
    /// Where it waits.
    var place: String { cell.word("place") ?? "" }
    /// The same for a reader, whom callbacks do not keep waiting.
    var shownPlace: String { style == "callbacks" && place == "tasklet" ? "" : place }
    /// What is done against its hard switches; nil for nothing.
    var softening: String? { cell.word("soften").flatMap { $0 == "none" ? nil : $0 } }

    /// The scheduler, and the parameters but those above: what it has in common with the cells that it is compared with.
    var common: Cell {
        var common = cell
        for name in ["style", "place", "soften"] { common.parameters[name] = nil }
        return common
    }

    /// The figures of a metric; nil without any.
    func figures(_ metric: Metric) -> ResultRow.Figures? { rows[metric.name]?.figures }

    /// A figure with its unit; empty without one.
    func text(_ metric: Metric) -> String { figures(metric).map { Wording.figure($0, unit: metric.unit) } ?? "" }

    /// Switches per operation, by mechanism, of those that occurred.
    var switches: [(name: String, count: Double)] { counts("switches-", Self.mechanisms.map { ($0, $0) }) }

    /// Those by which a stack, or a thread, is set aside.
    var hardSwitches: Double { switches.filter { Self.hard.contains($0.name) }.map(\.count).reduce(0, +) }

    /// The causes of those.
    var hardCauses: [(name: String, count: Double)] {
        counts("switches-", Self.hard.flatMap { mechanism in Self.causes.map { ($0, "\(mechanism)-by-\($0)") } })
    }

    private func counts(_ prefix: String, _ names: [(name: String, metric: String)]) -> [(name: String, count: Double)]
    {
        names.compactMap { name, metric in
            guard let count = rows[prefix + metric]?.figures?.value, count > 0 else { return nil }
            return (name, count)
        }
    }

    private static let hard = ["hard", "slice", "kernel"]
    private static let mechanisms = ["soft", "continuation"] + hard
    private static let causes = [
        "send", "receive", "schedule", "sleep", "io", "join", "oneShot", "kill", "preemption", "end",
    ]
}
