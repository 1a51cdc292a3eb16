// SPDX-License-Identifier: Apache-2.0

/// A cell in one round: what one child process runs.
package struct Trial: Sendable, Equatable, Codable {
    /// The cell to run.
    package var cell: Cell
    /// The round, from 1.
    package var round: Int
    /// Timed runs repeat until they have taken this long together, in seconds.
    package var minimumTime: Double
    /// The parent kills the process after this many seconds.
    package var timeLimit: Double
    /// Makes the runs and the waits that the trial measures take longer, by so many percent, to see whether that is found.
    package var plantedCost: Double?
    /// The seed of the heap's layout in the process; nil for the one that the program happens to have.
    package var layout: UInt64?

    /// Creates a trial.
    package init(
        cell: Cell,
        round: Int,
        minimumTime: Double,
        timeLimit: Double,
        plantedCost: Double? = nil,
        layout: UInt64? = nil
    ) {
        self.cell = cell
        self.round = round
        self.minimumTime = minimumTime
        self.timeLimit = timeLimit
        self.plantedCost = plantedCost
        self.layout = layout
    }
}
