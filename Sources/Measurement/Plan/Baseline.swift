// SPDX-License-Identifier: Apache-2.0

/// What the cells of a run are compared with.
package enum Baseline: Sendable, Equatable, Codable {
    /// All schedulers of a workload are compared with one of them.
    case scheduler(backend: String, switching: String, workers: Int?)
    /// Each cell is compared with the same cell in another build.
    case build(String)

    /// A scheduler as the baseline.
    package init(backend: String, switching: String, workers: Int? = nil) {
        self = .scheduler(backend: backend, switching: switching, workers: workers)
    }

    /// Whether a cell is one that others are compared with.
    package func matches(_ cell: Cell) -> Bool {
        switch self {
        case .scheduler(let backend, let switching, let workers):
            cell.backend == backend && cell.switching == switching && cell.workers == workers
        case .build(let name): cell.build == name
        }
    }

    /// The cell that another is compared with; nil for a baseline itself, and where there is no such cell.
    package func reference(of cell: Cell, among cells: some Sequence<Cell>) -> Cell? {
        guard !matches(cell) else { return nil }
        return cells.first { matches($0) && isComparable($0, cell) }
    }

    /// The same cell in the other of two builds; nil where schedulers are compared, and where there is no such cell.
    package func twin(of cell: Cell, among cells: some Sequence<Cell>) -> Cell? {
        guard case .build(let name) = self else { return nil }
        let twin = cell.on(build: cell.build == nil ? name : nil)
        return cells.first { $0 == twin }
    }

    private func isComparable(_ reference: Cell, _ cell: Cell) -> Bool {
        switch self {
        case .scheduler: reference.conditions == cell.conditions
        case .build: reference.on(build: cell.build) == cell
        }
    }
}
