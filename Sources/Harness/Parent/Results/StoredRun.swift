// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Measurement
import Reports

/// What a results directory holds of a run: the raw data, from which all other files are written.
struct StoredRun: Sendable {
    /// `run.json`.
    var description: RunDescription
    /// `environment.json`; nil where the run was killed before it was written.
    let environment: EnvironmentRecord?
    /// `trials.jsonl`.
    let records: [TrialRecord]
    /// The bytes of `trials.jsonl` that are whole lines; nil if all are.
    let intact: Int?

    /// Reads the files.
    ///
    /// - Throws: ``UsageError`` for a file that is missing, damaged or of another version; not for a last line of
    ///   `trials.jsonl` that is cut off, as it may be when the run was killed.
    init(_ directory: ResultsDirectory) throws {
        description = try Self.description(directory)
        // A run that was killed early has no trials yet.
        let bytes = directory.has("trials.jsonl") ? Array(try directory.bytes(of: "trials.jsonl")) : []
        let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[...$0] } ?? []
        intact = whole.count == bytes.count ? nil : whole.count
        let lines = whole.split(separator: UInt8(ascii: "\n"))
        records = try Parallel.map(Array(lines.enumerated())) { number, line in
            do {
                return try JSONText.value(TrialRecord.self, from: String(decoding: line, as: UTF8.self))
            } catch {
                throw UsageError("line \(number + 1) of '\(directory.path)/trials.jsonl' is damaged")
            }
        }
        environment = try? JSONText.value(EnvironmentRecord.self, from: directory.text(of: "environment.json"))
        guard environment != nil || records.isEmpty else {
            throw UsageError("'\(directory.path)/environment.json' is missing or damaged")
        }
    }

    /// The report of the run.
    ///
    /// - Throws: ``UsageError`` for a run that was cut off within a line, or before the first trial had ended.
    func report(_ directory: ResultsDirectory) throws -> RunReport {
        guard intact == nil else {
            throw UsageError(
                """
                '\(directory.path)/trials.jsonl' ends within line \(records.count + 1); \
                'bench run --resume \(directory.path)' measures what is missing
                """
            )
        }
        guard let environment, !records.isEmpty else {
            throw UsageError(
                "'\(directory.path)' has no trials yet; 'bench run --resume \(directory.path)' measures them"
            )
        }
        return RunReport(description, environment: environment, records: records)
    }

    /// Reads `run.json`.
    ///
    /// - Throws: ``UsageError`` for a file that is missing, damaged or of another version.
    static func description(_ directory: ResultsDirectory) throws -> RunDescription {
        let text = try directory.text(of: "run.json")
        guard let version = try? JSONText.value(Versioned.self, from: text).version else {
            throw UsageError("'\(directory.path)/run.json' is damaged")
        }
        guard version == RunDescription.currentVersion else {
            throw UsageError(
                """
                the results in '\(directory.path)' have version \(version) of the format, and this build reads version \
                \(RunDescription.currentVersion)
                """
            )
        }
        do {
            return try JSONText.value(RunDescription.self, from: text)
        } catch {
            throw UsageError("'\(directory.path)/run.json' is damaged")
        }
    }

    private struct Versioned: Decodable { let version: Int }
}
