// SPDX-License-Identifier: Apache-2.0

/// Which cells are judged by their turns at full speed, and which by everything that they ran.
///
/// Figures that stand side by side are to be of the same speed: the mean of a cell with just enough turns at full speed
/// would look better than that of its neighbour with one fewer. So full speed counts for a workload where more than
/// half of its cells have enough of it, and for two builds of a cell where both have. What a cell without enough of it
/// shows beside such cells has no share of full speed, which says so.
package struct JudgedSpeed: Sendable {
    private let fast: Set<Cell>

    /// - Parameters:
    ///   - processes: the processes of each cell.
    ///   - baseline: what the cells are compared with.
    package init(_ processes: [Cell: [ProcessFigures]], baseline: Baseline) {
        let measured = processes.filter { !$0.value.isEmpty }
        let able = Set(measured.filter { ProcessFigures.areFast($0.value) }.keys)
        let groups = Dictionary(grouping: measured.keys, by: \.conditions)
        let workloads = groups.filter { _, cells in 2 * cells.count(where: able.contains) > cells.count }.keys
        fast = able.filter { cell in
            let twin = baseline.twin(of: cell, among: measured.keys)
            return workloads.contains(cell.conditions) && twin.map(able.contains) ?? true
        }
    }

    /// Whether a cell is judged at full speed.
    package func isFull(of cell: Cell) -> Bool { fast.contains(cell) }
}
