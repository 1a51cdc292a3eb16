// SPDX-License-Identifier: Apache-2.0

/// A cell in one round, or a cell's counting trial: what one child process runs.
package struct Trial: Sendable, Equatable, Codable {
    /// The cell to run.
    package var cell: Cell
    /// The round, from 1; 0 for a counting trial, which belongs to none.
    package var round: Int
    /// Timed runs repeat until they have taken this long together, in seconds.
    package var minimumTime: Double
    /// The parent kills the process after this many seconds.
    package var timeLimit: Double
    /// Makes the runs and the waits that the trial measures take longer, by so many percent, to see whether that is found.
    package var plantedCost: Double?
    /// The seed of the heap's layout in the process; nil for the one that the program happens to have.
    package var layout: UInt64?
    /// Whether it is a counting trial; nil for no, as in the files of earlier builds.
    ///
    /// In a counting trial, counters are on that cost time. It adds figures to those of its cell, and is no measured
    /// process.
    package var counts: Bool?

    /// The program of the peer that it measures; nil for one of ours.
    package var peer: String?

    /// Creates a trial.
    package init(
        cell: Cell,
        round: Int,
        minimumTime: Double,
        timeLimit: Double,
        plantedCost: Double? = nil,
        layout: UInt64? = nil,
        counts: Bool? = nil,
        peer: String? = nil
    ) {
        self.cell = cell
        self.round = round
        self.minimumTime = minimumTime
        self.timeLimit = timeLimit
        self.plantedCost = plantedCost
        self.layout = layout
        self.counts = counts
        self.peer = peer
    }

    /// Whether it is a counting trial.
    package var isCounting: Bool { counts ?? false }

    /// When it ran, for a sentence: "round 2".
    package var occasion: String { isCounting ? "counting trial" : "round \(round)" }
}
