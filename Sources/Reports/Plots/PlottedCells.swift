// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The cells of schedulers that have figures, and the records of their processes.
///
/// Those whose parameters are compared are in sections of their own.
struct PlottedCells: Sendable {
    /// In the order of the report.
    let cells: [Cell]
    /// Names the workloads of cells.
    let varied: VariedParameters
    private let records: [Cell: [TrialRecord]]
    private let processes: [Cell: [ProcessFigures]]
    private let figures: [Cell: ResultRow.Figures]

    /// The cells of a report.
    init(_ report: RunReport) {
        let shown = report.rows.filter { row in
            row.figures != nil && row.cell.peer == nil && !report.plan.comparesParameters(of: row.cell.workload)
        }
        cells = shown.map(\.cell).unique
        varied = VariedParameters(report.plan.cells)
        records = Dictionary(grouping: report.records.measured, by: \.observed)
        let all = zip(report.records, report.summary.processes).filter { !$0.0.trial.isCounting }
        processes = Dictionary(grouping: all, by: \.0.observed).mapValues { $0.map(\.1) }
        let primary = report.rows.filter { $0.metric == $0.cell.metric }
        figures = Dictionary(primary.map { ($0.cell, $0.figures) }) { first, _ in first }.compactMapValues(\.self)
    }

    /// The workloads and what their parameters vary, each with its cells, in the order of the report.
    var workloads: [(label: String, cells: [Cell])] {
        let groups = Dictionary(grouping: cells, by: varied.label)
        return cells.map(varied.label).unique.map { ($0, groups[$0] ?? []) }
    }

    /// The records of a cell's processes.
    func records(of cell: Cell) -> [TrialRecord] { records[cell] ?? [] }

    /// The figures of each of a cell's processes.
    func processes(of cell: Cell) -> [ProcessFigures] { processes[cell] ?? [] }

    /// The figures of a cell's own metric; nil without.
    func figures(of cell: Cell) -> ResultRow.Figures? { figures[cell] }

    /// The cells that differ in a parameter only: one group for each of the other parameters, in order.
    ///
    /// - Returns: for each group a cell without the parameter, and its cells.
    static func sweeps(_ cells: [Cell], over parameter: String) -> [(rest: Cell, cells: [Cell])] {
        let groups = Dictionary(grouping: cells) { $0.without(parameter) }
        return cells.map { $0.without(parameter) }.unique.map { ($0, groups[$0] ?? []) }
    }
}

extension Cell {
    fileprivate func without(_ parameter: String) -> Cell {
        var cell = self
        cell.parameters[parameter] = nil
        return cell
    }
}
