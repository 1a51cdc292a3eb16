// SPDX-License-Identifier: Apache-2.0

import Measurement
package import Profiling
import Reports

/// A `bench run`, from the first trial to the report.
package struct RunSession: Sendable {
    private let request: RunRequest
    private let directory: ResultsDirectory
    private let symbolizer: Symbolizer?

    /// - Parameter symbolizer: required if the request asks for profiles.
    package init(request: RunRequest, directory: ResultsDirectory, symbolizer: Symbolizer? = nil) {
        self.request = request
        self.directory = directory
        self.symbolizer = symbolizer
    }

    /// Runs the trials, writes the results directory and prints the summary.
    ///
    /// If the directory becomes unwritable, prints the summary of the trials so far before throwing.
    ///
    /// Blocks the calling thread, which must not be one of the runtime's pool: children are started on that.
    package func run() throws -> ExitStatus {
        Interrupt.catchSignals()
        announce()
        try directory.write("", to: "trials.jsonl")
        let environment = try Blocking.run { await Provenance.environment() }
        try directory.write(try JSONText.page(environment), to: "environment.json")
        let executable = try ReleaseBuild.ownPath()
        let launcher = TrialLauncher(executable: executable)
        let calibration = calibrate(launcher)
        let before = BusyMachine.Reading.now()
        try directory.write(try JSONText.page(description(calibration)), to: "run.json")
        var rounds = Rounds(
            request.plan,
            baseline: request.baseline,
            into: directory,
            launcher: ChildProcess(executable: executable)
        )
        rounds.run()
        var report = report(environment, calibration, rounds.records)
        report.disturbances =
            BusyMachine.sentences(from: before, to: .now())
            + [BusyMachine.sentence(about: rounds.records.flatMap(\.turns))].compactMap(\.self)
        do {
            if let failure = rounds.failure { throw failure }
            try store(report)
            try takeProfiles(launcher, for: &report)
        } catch {
            if !report.records.isEmpty { printSummary(report) }
            throw error
        }
        printSummary(report)
        Console.note("\(report.isInterrupted ? "interrupted; " : "")the report is \(directory.path)/report.md")
        return status(report)
    }

    private func announce() {
        let plan = request.plan
        let cpus = plan.cells.map(\.cpus).unique.joined(separator: "; ")
        let more = plan.budget.map { ", more for up to \(Figure.plain($0)) s" } ?? ""
        Console.note(
            """
            \(plan.cells.count) cells, \(plan.rounds) processes each\(more), seed \(plan.seed), on CPU \(cpus), \
            into \(directory.path)
            """
        )
    }

    /// Measures the machine's primitives; a failure is reported, and does not stop the run.
    private func calibrate(_ launcher: TrialLauncher) -> Result<Calibration, CalibrationFailure> {
        let cpus = request.plan.cells.first.flatMap { CPUSet(list: $0.cpus) } ?? .allowed()
        do {
            return .success(
                try Blocking.run {
                    try await Interrupt.cancelling { try await launcher.calibrate(cpus: cpus, allowed: .allowed()) }
                }
            )
        } catch {
            let failure = CalibrationFailure(Interrupt.isRequested ? "the run was interrupted" : "\(error)")
            Console.error("calibration failed: \(failure)")
            return .failure(failure)
        }
    }

    private func report(
        _ environment: EnvironmentRecord,
        _ calibration: Result<Calibration, CalibrationFailure>,
        _ records: [TrialRecord]
    ) -> RunReport {
        var environment = environment
        environment.loadAfter = EnvironmentRecord.load()
        return RunReport(
            environment: environment,
            plan: request.plan,
            baseline: request.baseline,
            calibration: calibration,
            records: records,
            isInterrupted: Interrupt.isRequested
        )
    }

    /// Takes profiles if the request asks for them; the measurements are already stored.
    private func takeProfiles(_ launcher: TrialLauncher, for report: inout RunReport) throws {
        guard let plan = request.sampling, let symbolizer else { return }
        let sampling = PostRunSampling(
            plan: plan,
            varied: VariedParameters(request.plan.cells),
            symbolizer: symbolizer,
            directory: directory,
            launcher: launcher
        )
        let succeeded = Set(report.records.map(\.trial.cell))
            .subtracting(report.records.filter { !$0.status.hasFigures }.map(\.trial.cell))
        let cells = request.plan.cells.filter(succeeded.contains)
        report.profiles = try Blocking.run { try await sampling.take(of: cells) }
        report.isInterrupted = Interrupt.isRequested
        try directory.write(ReportPage.text(report), to: "report.md")
    }

    private func store(_ report: RunReport) throws {
        try directory.write(try JSONText.page(report.environment), to: "environment.json")
        try directory.write(ResultsFile.text(report.rows), to: "results.csv")
        try directory.write(SamplesFile.text(report.records), to: "samples.csv")
        try directory.write(ReportPage.text(report), to: "report.md")
        try directory.write(HistogramFiles.files(report.records, VariedParameters(report.plan.cells)))
    }

    private func printSummary(_ report: RunReport) {
        for sentence in report.disturbances { Console.note("bench: \(sentence)") }
        Console.print(SummaryTable.text(report.rows, baseline: report.baseline))
    }

    private func status(_ report: RunReport) -> ExitStatus {
        if Interrupt.isRequested { return .interrupted }
        let hasFailed =
            report.records.contains { $0.status == .failed } || report.profiles.contains { $0.failure != nil }
        return hasFailed ? .trialFailed : .success
    }

    private func description(_ calibration: Result<Calibration, CalibrationFailure>) -> RunDescription {
        RunDescription(
            arguments: Array(CommandLine.arguments.dropFirst()),
            plan: request.plan,
            baseline: request.baseline,
            calibration: try? calibration.get()
        )
    }
}
