// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Measurement
import Profiling
import Reports

/// Profiles of one cell, or of several that are compared, taken in rounds.
///
/// In each round every cell runs once with a profiler and once without, one after the other; who goes first changes from
/// round to round, so that none has the better places.
struct ProfileRounds: Sendable {
    private let cells: [Cell]
    private let pace: ProfilePace
    private let files: [ProfileFiles]
    private let runner: TrialRunner

    /// - Parameter files: where those of each cell go.
    init(_ cells: [Cell], _ pace: ProfilePace, files: [ProfileFiles], runner: TrialRunner) {
        self.cells = cells
        self.pace = pace
        self.files = files
        self.runner = runner
    }

    /// Takes them; after an interruption the rounds that were complete.
    ///
    /// Throws a ``ProfileFailure`` where a trial does not end well, and `CancellationError` after an interruption
    /// before anything was complete.
    /// - Parameter announce: called before each round.
    func take(announce: (_ round: Int) -> Void) async throws -> [TakenProfile] {
        var taken = cells.map { TakenProfile(cell: $0) }
        for round in 1...pace.rounds {
            announce(round)
            do {
                let complete = try await take(round)
                for index in taken.indices { taken[index].rounds.append(complete[index]) }
            } catch is CancellationError where round > 1 {
                break
            }
        }
        return taken
    }

    private func take(_ round: Int) async throws -> [TakenProfile.Round] {
        var complete = [TakenProfile.Round?](repeating: nil, count: cells.count)
        for index in round.isMultiple(of: 2) ? cells.indices.reversed() : Array(cells.indices) {
            let trial = pace.trial(cells[index], round: round)
            // Of four rounds, each of two cells is profiled first, and first of both, once.
            let early = round % 4 < 2 ? try await plain(trial) : nil
            let (profiled, process) = try await profiled(trial, into: files[index].path(round))
            let plain = if let early { early } else { try await plain(trial) }
            complete[index] = TakenProfile.Round(process: process, profiled: profiled, plain: plain)
        }
        return complete.compactMap(\.self)
    }

    private func plain(_ trial: Trial) async throws -> TrialRecord {
        let record = try await Interrupt.cancelling { try await runner.run(trial) }
        try ProfileFailure.check(record)
        return record
    }

    private func profiled(_ trial: Trial, into path: String) async throws -> (TrialRecord, SampledProcess) {
        let outcome = try await Interrupt.cancelling {
            try await runner.run(trial, profiledInto: path, frequency: pace.frequency)
        }
        return (outcome.record, try outcome.profile(at: path))
    }
}

/// The profiles of a cell.
struct TakenProfile: Sendable {
    /// What ran in one round.
    struct Round: Sendable {
        let process: SampledProcess
        /// The trial with the profiler.
        let profiled: TrialRecord
        /// The one without.
        let plain: TrialRecord
    }

    let cell: Cell
    var rounds: [Round] = []

    /// What profiling costs.
    var cost: SamplingCost { SamplingCost(rounds.map { (profiled: $0.profiled, plain: $0.plain) }) }

    /// All that was sampled.
    func attributed(_ symbolizer: Symbolizer) async throws -> Attribution {
        try await Attribution(rounds.map(\.process), symbolizer)
    }
}

/// A profile could not be taken.
struct ProfileFailure: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }

    /// Throws where a trial has not ended well.
    static func check(_ record: TrialRecord) throws {
        guard record.status.hasFigures else {
            throw ProfileFailure(reason: record.message ?? "a trial ended as \(record.status.rawValue)")
        }
    }
}

extension ProfiledRecord {
    /// The process's own notes, and what gperftools has written.
    func profile(at path: String) throws -> SampledProcess {
        guard let profile else { throw ProfileFailure(reason: record.message ?? "it ended without a profile") }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ProfileFailure(reason: "'\(path)' cannot be read")
        }
        return SampledProcess(samples: profile, file: try GperftoolsFile(bytes: Array(bytes), name: path))
    }
}
