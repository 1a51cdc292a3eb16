// SPDX-License-Identifier: Apache-2.0

import Measurement
import Reports

/// One `bench run` from its first trial to its report.
struct RunSession: Sendable {
    private let request: RunRequest
    private let directory: ResultsDirectory

    init(request: RunRequest, directory: ResultsDirectory) {
        self.request = request
        self.directory = directory
    }

    /// Measures, writes the results directory and prints the summary.
    func run() async throws -> ExitStatus {
        Interrupt.catchSignals()
        announce()
        var environment = await Provenance.environment()
        try directory.write(try JSONText.page(environment), to: "environment.json")
        let runner = TrialRunner(executable: try ReleaseBuild.ownPath())
        let calibration = try? await Interrupt.cancelling { try await calibrate(runner) }
        try directory.write(try JSONText.page(description(calibration)), to: "run.json")
        let records = try await measure(runner)
        environment.loadAfter = EnvironmentRecord.load()
        try directory.write(try JSONText.page(environment), to: "environment.json")
        try publish(
            RunReport(
                environment: environment,
                plan: request.plan,
                baseline: request.baseline,
                calibration: calibration,
                records: records,
                isInterrupted: Interrupt.isRequested
            )
        )
        return status(records)
    }

    private func announce() {
        let plan = request.plan
        let cpus = Names.unique(plan.cells.map(\.cpus)).joined(separator: "; ")
        Output.note(
            """
            \(plan.trials.count) trials: \(plan.cells.count) in each of \(plan.rounds) rounds, seed \(plan.seed), \
            on CPU \(cpus), into \(directory.path)
            """
        )
    }

    private func calibrate(_ runner: TrialRunner) async throws -> Calibration? {
        let cpus = request.plan.cells.first.flatMap { CPUSet(list: $0.cpus) }
        return try await runner.calibrate(cpus: cpus ?? .allowed(), allowed: .allowed())
    }

    /// Runs the trials in the plan's order; each record is stored before the next trial starts.
    private func measure(_ runner: TrialRunner) async throws -> [TrialRecord] {
        let trials = request.plan.trials
        var progress = Progress(total: trials.count, rounds: request.plan.rounds)
        var records: [TrialRecord] = []
        var hopeless: Set<Cell> = []
        for trial in trials where !Interrupt.isRequested {
            // What has failed once would fail, or hang for its time limit, in every round.
            guard !hopeless.contains(trial.cell) else {
                progress.skipped()
                continue
            }
            progress.starts(trial)
            let record = try? await Interrupt.cancelling { try await runner.run(trial) }
            guard let record, !Interrupt.isRequested else { break }
            try directory.append(line: try JSONText.line(record), to: "trials.jsonl")
            if record.status == .failed || record.status == .unsupported { hopeless.insert(trial.cell) }
            records.append(record)
            progress.ended(record)
        }
        progress.finished()
        return records
    }

    private func publish(_ report: RunReport) throws {
        let rows = report.rows
        try directory.write(ResultsFile.text(rows), to: "results.csv")
        try directory.write(SamplesFile.text(report.records), to: "samples.csv")
        try directory.write(ReportPage.text(report), to: "report.md")
        Output.print(SummaryTable.text(rows, baseline: report.baseline))
        Output.note("\(report.isInterrupted ? "interrupted; " : "")the report is \(directory.path)/report.md")
    }

    private func status(_ records: [TrialRecord]) -> ExitStatus {
        if Interrupt.isRequested { return .interrupted }
        return records.contains { $0.status == .failed } ? .trialFailed : .success
    }

    private func description(_ calibration: Calibration?) -> RunDescription {
        RunDescription(
            arguments: Array(CommandLine.arguments.dropFirst()),
            plan: request.plan,
            baseline: request.baseline,
            calibration: calibration
        )
    }
}
