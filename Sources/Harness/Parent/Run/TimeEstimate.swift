// SPDX-License-Identifier: Apache-2.0

import Measurement

/// How long the batches that a run makes in any case, and its counting trials, will take.
///
/// A batch takes as long as its processes together: their start, their warm-up, their turns and their end. A process
/// takes about as long as the last one of its cell; where there was none, as long as the others of its kind did on
/// average. The kinds are schedulers and peers, with and without a load generator: peers load a runtime and warm up for
/// longer, and what a server does in a turn has a schedule.
struct TimeEstimate {
    /// What cells take about as long for.
    private struct Kind: Hashable {
        let isPeer: Bool
        let isServer: Bool
    }

    /// The cells of each group, and how many batches of it are to come.
    private var groups: [(cells: [Cell], left: Int)]
    /// Seconds that the last process of a cell took; 0 after a failure, which is not repeated.
    private var last: [Cell: Double] = [:]
    /// Seconds of the first process of every cell.
    private var first: [Cell: Double] = [:]
    private let plan: Plan
    private let isServer: (Cell) -> Bool
    /// Whether the counting trials are over; see ``Trial/counts``.
    var hasCounted = false

    /// - Parameters:
    ///   - earlier: the records from before an interruption.
    ///   - isServer: whether a cell has a load generator.
    init(_ plan: Plan, after earlier: [TrialRecord], isServer: @escaping (Cell) -> Bool) {
        let rounds = Dictionary(grouping: earlier.measured.map(\.trial).filter { $0.round <= plan.leastRounds }) {
            plan.group($0.cell)
        }.mapValues { Set($0.map(\.round)).count }
        groups = plan.groups.map { cells in
            (cells, plan.leastRounds - (cells.first.flatMap { rounds[plan.group($0)] } ?? 0))
        }
        self.plan = plan
        self.isServer = isServer
    }

    /// A batch has ended.
    ///
    /// - Parameters:
    ///   - seconds: what each of its processes took.
    ///   - failed: the cells that will not be measured again.
    mutating func batchEnded(_ seconds: [Cell: Double], failed: Set<Cell>) {
        for (cell, time) in seconds {
            last[cell] = failed.contains(cell) ? 0 : time
            if first[cell] == nil { first[cell] = time }
        }
        let ended = seconds.keys.first.map(plan.group)
        guard let group = groups.firstIndex(where: { $0.cells.first.map(plan.group) == ended }) else { return }
        groups[group].left -= 1
    }

    /// Seconds of the batches and the counting trials to come; nil before the first batch.
    var remaining: Double? {
        guard !first.isEmpty else { return nil }
        let means = Dictionary(grouping: first) { kind($0.key) }.mapValues { Self.mean($0.map(\.value)) }
        return groups.flatMap { group in
            group.cells.map { cell in
                // A counting trial starts and warms up as others do.
                let count = max(group.left, 0) + (hasCounted || cell.peer != nil ? 0 : 1)
                return Double(count) * (last[cell] ?? expected(cell, means))
            }
        }.reduce(0, +)
    }

    /// By the closest kind that has been measured.
    private func expected(_ cell: Cell, _ means: [Kind: Double]) -> Double {
        let own = kind(cell)
        let alike = [
            own, Kind(isPeer: own.isPeer, isServer: !own.isServer), Kind(isPeer: !own.isPeer, isServer: own.isServer),
        ]
        return alike.lazy.compactMap { means[$0] }.first ?? Self.mean(Array(means.values))
    }

    private func kind(_ cell: Cell) -> Kind { Kind(isPeer: cell.peer != nil, isServer: isServer(cell)) }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
}
