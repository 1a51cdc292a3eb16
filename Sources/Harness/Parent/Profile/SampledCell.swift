// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Measurement
import Profiling

/// A cell and its samples.
struct SampledCell: Sendable {
    /// The two trials of a round.
    struct Round: Sendable {
        /// The samples of the trial with the profiler.
        let process: SampledProcess
        /// The record of the trial with the profiler.
        let sampled: TrialRecord
        /// The record of the trial without.
        let plain: TrialRecord
    }

    let cell: Cell
    var rounds: [Round] = []

    /// The overhead of the profiler.
    var cost: SamplingCost { SamplingCost(rounds.map { (profiled: $0.sampled, plain: $0.plain) }) }

    /// The profile of all rounds.
    func attributed(_ symbolizer: Symbolizer) async throws -> Attribution {
        try await Attribution(rounds.map(\.process), symbolizer)
    }
}

/// Why a cell could not be sampled.
struct SamplingFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// Throws if a trial did not succeed.
    static func check(_ record: TrialRecord) throws {
        guard record.status.hasFigures else {
            throw SamplingFailure(record.message ?? "a trial ended as \(record.status.rawValue)")
        }
    }
}

extension SampledTrialResponse {
    /// The samples of the trial, with the profile that gperftools wrote to a file.
    ///
    /// - Throws: ``SamplingFailure`` if the trial did not succeed or the file cannot be read.
    func profile(at path: String) throws -> SampledProcess {
        guard let profile else { throw SamplingFailure(record.message ?? "the trial ended without a profile") }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw SamplingFailure("cannot read '\(path)'")
        }
        return SampledProcess(samples: profile, file: try GperftoolsFile(bytes: Array(bytes), name: path))
    }
}
