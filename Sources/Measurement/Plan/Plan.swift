// SPDX-License-Identifier: Apache-2.0

internal import SeededRandom

/// The trials of a run and their order: every round runs each cell once, in a new random order.
///
/// Interleaving spreads slow drift of the machine over all cells; shuffling keeps a cell from always following the same
/// other cell.
package struct Plan: Sendable, Equatable, Codable {
    /// The cells to compare, in the order of the report.
    package var cells: [Cell]
    /// How many times each cell is measured.
    package var rounds: Int
    /// The seed of the order.
    package var seed: UInt64
    /// See ``Trial/minimumTime``.
    package var minimumTime: Double
    /// See ``Trial/timeLimit``.
    package var timeLimit: Double

    /// Creates a plan.
    package init(cells: [Cell], rounds: Int, seed: UInt64, minimumTime: Double, timeLimit: Double) {
        self.cells = cells
        self.rounds = rounds
        self.seed = seed
        self.minimumTime = minimumTime
        self.timeLimit = timeLimit
    }

    /// The trials in the order in which they run; the same seed gives the same order.
    package var trials: [Trial] {
        var generator = SplitMix64(seed: seed)
        return (1...max(rounds, 1)).flatMap { round in
            cells.shuffled(using: &generator).map { cell in
                Trial(cell: cell, round: round, minimumTime: minimumTime, timeLimit: timeLimit)
            }
        }
    }
}
