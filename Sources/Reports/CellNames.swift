// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The names of cells in a table: the workload, and the settings that tell the cell apart from others of the workload.
struct CellNames {
    /// The settings that all cells of a workload have, by workload.
    private let common: [String: Set<Substring>]
    /// The schedulers that ran with the same parameters on several sets of processors.
    private let moved: Set<CellLabel>

    /// Compares the cells of each workload.
    init(_ cells: [CellLabel]) {
        common = Dictionary(grouping: cells, by: \.workload).mapValues { cells in
            let first = Set(cells.first?.settings ?? [])
            return cells.reduce(first) { $0.intersection($1.settings) }
        }
        let places = Dictionary(grouping: cells, by: \.anywhere).mapValues { Set($0.map(\.cpus)) }
        moved = Set(places.filter { $0.value.count > 1 }.keys)
    }

    /// The name of a cell, such as `echo-idle idle=1000`.
    func name(_ cell: CellLabel) -> String {
        let varied = cell.settings.filter { !common[cell.workload, default: []].contains($0) }
        let place = moved.contains(cell.anywhere) ? ["cpus=\(cell.cpus)"] : []
        let build = cell.build.isEmpty ? [] : ["build=\(cell.build)"]
        return ([cell.workload] + varied.map(String.init) + place + build).joined(separator: " ")
    }
}

extension CellLabel {
    fileprivate var settings: [Substring] { parameters.split(separator: ";") }

    fileprivate var anywhere: CellLabel {
        var label = self
        label.cpus = ""
        return label
    }
}
