// SPDX-License-Identifier: Apache-2.0

internal import SeededRandom

/// The processes of a run, and their order.
///
/// Every round measures each cell in one new process. The cells of a workload with the same parameters are measured
/// together, in a *batch*: their processes are alive at the same time and take turns in random order, so that what
/// slows the machine down slows all of them. Where it is the parameters that are compared, the cells of a scheduler
/// are. The batches of a round come in random order, too, which spreads slow drift over all of them.
///
/// After the first round, each cell has one more process, its counting trial; see ``Trial/counts``.
package struct Plan: Sendable, Equatable, Codable {
    /// The cells to compare, in the order of the report.
    package var cells: [Cell]
    /// How many times each cell is measured if there is time, and at least ``leastRounds``: once a round.
    package var rounds: Int
    /// Seconds for the whole run, in which more batches follow of the cells that are not settled; nil for none.
    package var budget: Double?
    /// The seed of the order.
    package var seed: UInt64
    /// See ``Trial/minimumTime``.
    package var minimumTime: Double
    /// See ``Trial/timeLimit``.
    package var timeLimit: Double
    /// See ``Trial/plantedCost``: that of the cells which do not belong to another build.
    package var plantedCost: Double?

    /// The programs of the peers, by the backend of their cells; nil for none.
    package var peers: [String: String]?

    /// The workloads that compare values of their parameters, and not schedulers; nil for none.
    package var comparingParameters: Set<String>?

    /// Creates a plan.
    package init(
        cells: [Cell],
        rounds: Int,
        budget: Double? = nil,
        seed: UInt64,
        minimumTime: Double,
        timeLimit: Double,
        plantedCost: Double? = nil,
        peers: [String: String]? = nil,
        comparingParameters: Set<String>? = nil
    ) {
        self.cells = cells
        self.rounds = rounds
        self.budget = budget
        self.seed = seed
        self.minimumTime = minimumTime
        self.timeLimit = timeLimit
        self.plantedCost = plantedCost
        self.peers = peers
        self.comparingParameters = comparingParameters
    }

    /// The rounds of a run whose time is over before the others: an interval takes three processes.
    package var leastRounds: Int { budget == nil ? rounds : min(rounds, 3) }

    /// What decides how many processes a cell has.
    package var stopping: Stopping { budget == nil ? .planned : .whenSettled(after: rounds) }

    /// The cells that are measured together, in the order of the report.
    package var groups: [[Cell]] {
        let groups = Dictionary(grouping: cells, by: group)
        return cells.map(group).unique.compactMap { groups[$0] }
    }

    /// What the cells have in common that are measured together.
    package struct Group: Sendable, Hashable {
        private let workload: String
        private let rest: [String]

        fileprivate init(ofConditions cell: Cell) {
            workload = cell.workload
            rest = [cell.parameterList]
        }

        fileprivate init(ofScheduler cell: Cell) {
            workload = cell.workload
            rest = [cell.scheduler, cell.switching, cell.cpus]
        }
    }

    /// The group of a cell.
    package func group(_ cell: Cell) -> Group {
        comparesParameters(of: cell.workload) ? Group(ofScheduler: cell) : Group(ofConditions: cell)
    }

    /// Whether it is the parameters of a workload that are compared, and not schedulers.
    package func comparesParameters(of workload: String) -> Bool { comparingParameters?.contains(workload) == true }

    /// The batches of a round in the order in which they run; the same seed gives the same order.
    ///
    /// - Parameter round: the round, from 1.
    package func batches(_ round: Int) -> [[Cell]] {
        var generator = generator(round, batch: 0)
        return groups.shuffled(using: &generator)
    }

    /// The trial of a cell in a round.
    package func trial(_ cell: Cell, round: Int) -> Trial {
        var layout = generator(round, batch: -1 - (cells.firstIndex(of: cell) ?? 0))
        return Trial(
            cell: cell,
            round: round,
            minimumTime: minimumTime,
            timeLimit: timeLimit,
            plantedCost: cell.build == nil ? plantedCost : nil,
            layout: layout.next(),
            peer: peers?[cell.backend]
        )
    }

    /// The counting trial of a cell.
    package func countingTrial(_ cell: Cell) -> Trial {
        Trial(cell: cell, round: 0, minimumTime: minimumTime, timeLimit: timeLimit, counts: true)
    }

    /// Whether a cell is that of a peer, of which nothing but times and memory is known.
    package func isPeer(_ cell: Cell) -> Bool { peers?[cell.backend] != nil }

    /// The cells whose counting trial is still to run: those of this build that were measured without a failure.
    package func uncounted(after records: [TrialRecord]) -> [Cell] {
        let done = Set(records.counted.map(\.trial.cell))
        return records.succeeded(cells).filter { $0.build == nil && !isPeer($0) && !done.contains($0) }
    }

    /// The source of the order of the processes and turns in a batch.
    ///
    /// - Parameter batch: its position in the round, from 1; beyond the plan's rounds, in ``groups``.
    package func turnOrder(_ round: Int, batch: Int) -> some RandomNumberGenerator { generator(round, batch: batch) }

    /// - Parameter batch: negative for what concerns a cell.
    private func generator(_ round: Int, batch: Int) -> SplitMix64 {
        var generator = SplitMix64(seed: seed ^ UInt64(round) << 32 ^ UInt64(bitPattern: Int64(batch)))
        // Neighbouring seeds are neighbouring states.
        return SplitMix64(seed: generator.next())
    }
}
