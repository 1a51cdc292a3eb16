// SPDX-License-Identifier: Apache-2.0

/// Which trials run, and in which order: rounds, each of every cell once, each shuffled anew.
///
/// Interleaving lets slow drift of the machine hit all cells alike; shuffling keeps one from always following another.
package struct Plan: Sendable, Equatable, Codable {
    /// What is compared, in the order of the report.
    package var cells: [Cell]
    /// How often every cell is measured.
    package var rounds: Int
    /// What the order of the trials follows from.
    package var seed: UInt64
    /// For each trial; see ``Trial/minimumTime``.
    package var minimumTime: Double
    /// For each trial; see ``Trial/timeLimit``.
    package var timeLimit: Double

    /// Creates a plan.
    package init(cells: [Cell], rounds: Int, seed: UInt64, minimumTime: Double, timeLimit: Double) {
        self.cells = cells
        self.rounds = rounds
        self.seed = seed
        self.minimumTime = minimumTime
        self.timeLimit = timeLimit
    }

    /// The trials in the order in which they run.
    ///
    /// The same seed gives the same order.
    package var trials: [Trial] {
        var generator = SeededGenerator(seed: seed)
        return (1...max(rounds, 1)).flatMap { round in
            cells.shuffled(using: &generator).map { cell in
                Trial(cell: cell, round: round, minimumTime: minimumTime, timeLimit: timeLimit)
            }
        }
    }
}
