// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling
import Reports

/// One `bench run` from its first trial to its report.
struct RunSession: Sendable {
    private let request: RunRequest
    private let directory: ResultsDirectory
    private let symbolizer: Symbolizer?

    /// - Parameter symbolizer: for the profiles, where they are asked for.
    init(request: RunRequest, directory: ResultsDirectory, symbolizer: Symbolizer? = nil) {
        self.request = request
        self.directory = directory
        self.symbolizer = symbolizer
    }

    /// Measures, writes the results directory and prints the summary.
    ///
    /// Where the directory can no longer be written, the summary of what has been measured is printed all the same
    /// before the error is thrown.
    func run() async throws -> ExitStatus {
        Interrupt.catchSignals()
        announce()
        try directory.write("", to: "trials.jsonl")
        let environment = await Provenance.environment()
        try directory.write(try JSONText.page(environment), to: "environment.json")
        let runner = TrialRunner(executable: try ReleaseBuild.ownPath())
        var report = RunReport(
            environment: environment,
            plan: request.plan,
            baseline: request.baseline,
            calibration: nil,
            records: []
        )
        await calibrate(runner, for: &report)
        try directory.write(try JSONText.page(description(report.calibration)), to: "run.json")
        do {
            try await measure(runner, for: &report)
            report.environment.loadAfter = EnvironmentRecord.load()
            report.isInterrupted = Interrupt.isRequested
            try store(report)
            try await profile(runner, for: &report)
        } catch {
            if !report.records.isEmpty { printSummary(report) }
            throw error
        }
        printSummary(report)
        Output.note("\(report.isInterrupted ? "interrupted; " : "")the report is \(directory.path)/report.md")
        return status(report)
    }

    private func announce() {
        let plan = request.plan
        let cpus = plan.cells.map(\.cpus).unique.joined(separator: "; ")
        Output.note(
            """
            \(plan.trials.count) trials: \(plan.cells.count) in each of \(plan.rounds) rounds, seed \(plan.seed), \
            on CPU \(cpus), into \(directory.path)
            """
        )
    }

    /// Measures the machine's primitives, or notes why that was not possible.
    private func calibrate(_ runner: TrialRunner, for report: inout RunReport) async {
        let cpus = request.plan.cells.first.flatMap { CPUSet(list: $0.cpus) } ?? .allowed()
        do {
            report.calibration = try await Interrupt.cancelling {
                try await runner.calibrate(cpus: cpus, allowed: .allowed())
            }
        } catch {
            let reason = Interrupt.isRequested ? "the run was interrupted" : "\(error)"
            report.calibrationFailure = reason
            Output.complain("the calibration could not be measured: \(reason)")
        }
    }

    /// Runs the trials in the plan's order; each record is stored before the next trial starts.
    private func measure(_ runner: TrialRunner, for report: inout RunReport) async throws {
        let trials = request.plan.trials
        var progress = Progress(total: trials.count, rounds: request.plan.rounds)
        defer { progress.finished() }
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
            report.records.append(record)
            try directory.append(line: try JSONText.line(record), to: "trials.jsonl")
            if record.status == .failed || record.status == .unsupported { hopeless.insert(trial.cell) }
            progress.ended(record)
        }
    }

    /// Takes profiles, where they are asked for; what has been measured is stored by then.
    private func profile(_ runner: TrialRunner, for report: inout RunReport) async throws {
        guard let pace = request.profiles, let symbolizer else { return }
        let profiles = RunProfiles(pace: pace, symbolizer: symbolizer, directory: directory, runner: runner)
        let good = Set(report.records.map(\.trial.cell))
            .subtracting(report.records.filter { !$0.status.hasFigures }.map(\.trial.cell))
        try await profiles.take(of: request.plan.cells.filter(good.contains)) { report.profiles.append($0) }
        report.isInterrupted = Interrupt.isRequested
        try directory.write(ReportPage.text(report), to: "report.md")
    }

    private func store(_ report: RunReport) throws {
        try directory.write(try JSONText.page(report.environment), to: "environment.json")
        try directory.write(ResultsFile.text(report.rows), to: "results.csv")
        try directory.write(SamplesFile.text(report.records), to: "samples.csv")
        try directory.write(ReportPage.text(report), to: "report.md")
        try directory.write(HistogramFiles.files(report.records))
    }

    private func printSummary(_ report: RunReport) {
        Output.print(SummaryTable.text(report.rows, baseline: report.baseline))
    }

    private func status(_ report: RunReport) -> ExitStatus {
        if Interrupt.isRequested { return .interrupted }
        let hasFailed =
            report.records.contains { $0.status == .failed } || report.profiles.contains { $0.failure != nil }
        return hasFailed ? .trialFailed : .success
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
