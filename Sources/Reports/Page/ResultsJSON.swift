// SPDX-License-Identifier: Apache-2.0

import Measurement

/// `results.json`: the answer, the rankings and all results of a run, for programs.
enum ResultsJSON {
    /// The version of the format; increases when the meaning of a field changes.
    static let version = 1

    /// The text of the file: an object with sorted keys, and a line per workload and row.
    static func text(
        _ report: RunReport,
        _ questions: QuestionsScreen?,
        _ screen: FirstScreen,
        _ peers: PeersScreen?,
        _ workloads: [WorkloadScreen]
    ) throws -> String {
        let run = report.description
        let parts = [
            ("calibration", try JSONText.line(run.calibration)),
            ("environment", try JSONText.line(report.environment)),
            ("firstScreen", try JSONText.line(screen)),
            ("peers", try JSONText.line(peers)),
            ("plan", try JSONText.line(PlanBasics(run))),
            ("questions", try JSONText.line(questions?.answers ?? [])),
            ("results", try lines(report.rows.map(ResultRecord.init))),
            ("version", "\(version)"),
            ("workloads", try lines(workloads)),
        ]
        return "{\n" + parts.map { "\"\($0)\":\($1)" }.joined(separator: ",\n") + "\n}\n"
    }

    private static func lines(_ elements: [some Encodable]) throws -> String {
        "[\n" + (try elements.map { try JSONText.line($0) }).joined(separator: ",\n") + "\n]"
    }
}

/// What a run was to do.
private struct PlanBasics: Encodable {
    let arguments: [String]
    let baseline: Baseline
    let isComplete: Bool
    let otherBuild: OtherBuild?
    let rounds: Int
    let seed: UInt64

    init(_ run: RunDescription) {
        arguments = run.arguments
        baseline = run.baseline
        isComplete = run.isComplete
        otherBuild = run.otherBuild
        rounds = run.plan.rounds
        seed = run.plan.seed
    }
}
