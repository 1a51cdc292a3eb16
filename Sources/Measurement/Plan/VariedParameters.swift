// SPDX-License-Identifier: Apache-2.0

/// The parameters that tell the cells of a workload apart, and so belong to their names.
package struct VariedParameters: Sendable {
    /// Their names, sorted, by workload.
    private let names: [String: [String]]

    /// Compares the cells of each workload.
    package init(_ cells: [Cell]) {
        names = Dictionary(grouping: cells, by: \.workload).mapValues { cells in
            Set(cells.flatMap(\.parameters.keys)).filter { name in Set(cells.map { $0.parameters[name] }).count > 1 }
                .sorted()
        }
    }

    /// The workload of a cell and what it varies, such as `echo-idle idle=1000`.
    package func label(_ cell: Cell) -> String { ([cell.workload] + values(cell, "=")).joined(separator: " ") }

    /// The same for the name of a file, such as `echo-idle-idle-1000`.
    package func fileName(_ cell: Cell) -> String { ([cell.workload] + values(cell, "-")).joined(separator: "-") }

    private func values(_ cell: Cell, _ separator: String) -> [String] {
        names[cell.workload, default: []].compactMap { name in
            cell.parameters[name].map { "\(name)\(separator)\($0)" }
        }
    }
}
