// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The report's list of the trials that failed, or ran something other than what was requested.
enum FailureSection {
    /// The section, in Markdown; empty without such trials.
    static func text(_ records: [TrialRecord]) -> String {
        let lines = lines(records).map { "- \($0)\n" }
        return lines.isEmpty ? "" : "## Failures and remarks\n\n" + lines.joined()
    }

    /// A line per trial.
    static func lines(_ records: [TrialRecord]) -> [String] {
        records.compactMap { record in
            guard let message = record.message else { return nil }
            let cell = record.observed
            let build = cell.build.map { "\($0), " } ?? ""
            return "\(cell.workload) (\(cell.parameterList)), \(cell.scheduler), \(cell.switching), \(build)"
                + "\(record.trial.occasion): \(record.status.rawValue): \(message)"
        }
    }
}
