// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling

/// Samples one cell, or several to compare, in rounds: in each round every cell runs once with the profiler and once
/// without.
///
/// The order changes from round to round, so that no cell always runs first.
struct PairedRounds: Sendable {
    private let cells: [Cell]
    private let plan: SamplingPlan
    private let artifacts: [CellArtifacts]
    private let launcher: TrialLauncher

    /// - Parameter artifacts: the files of each cell.
    init(_ cells: [Cell], _ plan: SamplingPlan, artifacts: [CellArtifacts], launcher: TrialLauncher) {
        self.cells = cells
        self.plan = plan
        self.artifacts = artifacts
        self.launcher = launcher
    }

    /// Runs all rounds; if interrupted, returns the rounds completed before.
    ///
    /// - Parameter announce: called before each round.
    /// - Throws: ``SamplingFailure`` if a trial does not succeed, and `CancellationError` if interrupted in the first
    ///   round.
    func take(announce: (_ round: Int) -> Void) async throws -> [SampledCell] {
        var sampled = cells.map { SampledCell(cell: $0) }
        for round in 1...plan.rounds {
            announce(round)
            do {
                let complete = try await take(round)
                for index in sampled.indices { sampled[index].rounds.append(complete[index]) }
            } catch is CancellationError where round > 1 {
                break
            }
        }
        return sampled
    }

    private func take(_ round: Int) async throws -> [SampledCell.Round] {
        var complete = [SampledCell.Round?](repeating: nil, count: cells.count)
        for index in round.isMultiple(of: 2) ? cells.indices.reversed() : Array(cells.indices) {
            let trial = plan.trial(cells[index], round: round)
            // In four rounds each of two cells runs with the profiler first, and first of the pair, once.
            let early = round % 4 < 2 ? try await runPlain(trial) : nil
            let (sampled, process) = try await runSampled(trial, into: artifacts[index].path(round))
            let plain = if let early { early } else { try await runPlain(trial) }
            complete[index] = SampledCell.Round(process: process, sampled: sampled, plain: plain)
        }
        return complete.compactMap(\.self)
    }

    private func runPlain(_ trial: Trial) async throws -> TrialRecord {
        let record = try await Interrupt.cancelling { try await launcher.run(trial) }
        try SamplingFailure.check(record)
        return record
    }

    private func runSampled(_ trial: Trial, into path: String) async throws -> (TrialRecord, SampledProcess) {
        let response = try await Interrupt.cancelling {
            try await launcher.run(trial, samplingInto: path, frequency: plan.frequency)
        }
        return (response.record, try response.profile(at: path))
    }
}
