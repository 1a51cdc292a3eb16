// SPDX-License-Identifier: Apache-2.0

import Measurement
package import Profiling
import Reports
import Tasklets

/// A `bench run`, from the first trial to the report.
package struct RunSession: Sendable {
    private let description: RunDescription
    private let directory: ResultsDirectory
    private let symbolizer: Symbolizer?
    /// What was measured before the run was interrupted.
    private let earlier: [TrialRecord]
    /// Where that was; nil for a new run.
    private let environment: EnvironmentRecord?

    /// - Parameter symbolizer: required if the request asks for profiles.
    package init(request: RunRequest, directory: ResultsDirectory, symbolizer: Symbolizer? = nil) {
        description = RunDescription(
            arguments: Array(CommandLine.arguments.dropFirst()),
            plan: request.plan,
            suite: request.suite,
            baseline: request.baseline,
            otherBuild: request.otherBuild,
            peers: request.peers,
            isIsolated: request.isIsolated,
            samplingDuration: request.sampling?.duration,
            isTraced: request.isTraced,
            hasPlots: request.hasPlots
        )
        self.directory = directory
        self.symbolizer = symbolizer
        earlier = []
        environment = nil
    }

    /// Continues a run that was interrupted or killed, with its plan.
    ///
    /// - Throws: ``UsageError`` if the directory's files cannot be read, or another build or machine wrote them; an
    ///   error that says what is missing for the run's profiles.
    package init(resuming directory: ResultsDirectory) throws {
        // Reading the trials starts threads.
        let isIsolated = try StoredRun.description(directory).isIsolated.map { Peers.isolate() && $0 }
        let stored = try StoredRun(directory)
        if let environment = stored.environment { try Self.check(environment, directory) }
        symbolizer = try stored.description.samplingDuration.map { _ in try SamplingTools.find() }
        try stored.description.otherBuild?.checkUnchanged()
        var description = stored.description
        description.isIsolated = isIsolated
        // Before the file is changed.
        description.spent += Self.lastSpell(directory)
        if let intact = stored.intact { try directory.truncate("trials.jsonl", to: intact) }
        self.description = description
        self.directory = directory
        earlier = stored.records
        environment = stored.environment
    }

    /// Figures of different builds or machines do not belong into one row.
    private static func check(_ old: EnvironmentRecord, _ directory: ResultsDirectory) throws {
        let new = try Blocking.run { await Provenance.environment() }
        let facts = [
            ("host", old.host, new.host), ("processor", old.cpuModel, new.cpuModel), ("build", old.build, new.build),
            ("commit", old.commit, new.commit), ("list of allowed CPUs", old.cpus, new.cpus),
        ]
        for (name, old, new) in facts where old != new {
            throw UsageError("'\(directory.path)' cannot be resumed here: its \(name) is \(old), and not \(new)")
        }
    }

    /// Seconds from the last time that the description was written to the last record: a run that was killed could not
    /// say how long it had taken.
    private static func lastSpell(_ directory: ResultsDirectory) -> Double {
        guard let end = directory.modificationTime(of: "trials.jsonl"),
            let start = directory.modificationTime(of: "run.json")
        else { return 0 }
        return max(0, end - start)
    }

    /// Runs the trials, writes the results directory and prints the summary.
    ///
    /// If the directory becomes unwritable, prints the summary of the trials so far before throwing.
    ///
    /// Blocks the calling thread, which must not be one of the runtime's pool: children are started on that.
    package func run() throws -> ExitStatus {
        guard !description.isComplete else {
            Console.note("the run in \(directory.path) is complete")
            return try status(ReportSession(directory).write())
        }
        Interrupt.catchSignals()
        announce()
        var description = description
        // Before anything that takes time: from now on the run can be resumed.
        try save(description)
        if !directory.has("trials.jsonl") { try directory.write("", to: "trials.jsonl") }
        let environment = try environment ?? Blocking.run { await Provenance.environment() }
        try directory.write(try JSONText.page(environment), to: "environment.json")
        let executable = try ReleaseBuild.ownPath()
        let launcher = TrialLauncher(executable: executable)
        if description.calibration == nil { calibrate(launcher, for: &description) }
        let before = BusyMachine.Reading.now()
        try save(description)
        var rounds = Rounds(
            description,
            after: earlier,
            into: directory,
            builds: Builds(own: executable, other: description.otherBuild)
        )
        rounds.run()
        description.spent += rounds.elapsed
        // Where tasklets are threads, these wait for each other.
        let turns = rounds.records.dropFirst(earlier.count)
            .filter { $0.observed.switching != Switching.kernel.rawValue }.flatMap(\.turns)
        description.disturbances +=
            BusyMachine.sentences(from: before, to: .now())
            + [BusyMachine.sentence(about: turns)].compactMap(\.self)
        return try conclude(description, environment, rounds, launcher)
    }

    private func conclude(
        _ description: RunDescription,
        _ environment: EnvironmentRecord,
        _ rounds: Rounds,
        _ launcher: TrialLauncher
    ) throws -> ExitStatus {
        var environment = environment
        environment.loadAfter = EnvironmentRecord.load()
        var report = RunReport(description, environment: environment, records: rounds.records)
        report.description.isComplete = !Interrupt.isRequested && !description.hasFollowUps
        do {
            if let failure = rounds.failure { throw failure }
            var pages = try store(report)
            if description.hasFollowUps {
                try takeProfiles(launcher, for: &report)
                try trace(launcher, for: &report)
                report.description.isComplete = !Interrupt.isRequested
                pages = try store(report)
            }
            printSummary(pages)
        } catch {
            if !report.records.isEmpty { printSummary(ReportPages(report)) }
            throw error
        }
        let isOpen = Interrupt.isRequested && !report.description.isComplete
        let mark = isOpen ? "interrupted; 'bench run --resume \(directory.path)' goes on; " : ""
        Console.note("\(mark)the report is \(directory.path)/report.html")
        return status(report)
    }

    private func announce() {
        let plan = description.plan
        let cpus = plan.cells.map(\.cpus).unique.joined(separator: "; ")
        let more = plan.budget.map { ", more for up to \(Figure.plain($0)) s" } ?? ""
        let done = earlier.isEmpty ? "" : ", \(earlier.measured.count) processes measured before"
        Console.note(
            """
            \(plan.cells.count) cells, \(plan.rounds) processes each\(more), seed \(plan.seed), on CPU \(cpus), \
            into \(directory.path)\(done)
            """
        )
    }

    /// Measures the machine's primitives; a failure is reported, and does not stop the run.
    private func calibrate(_ launcher: TrialLauncher, for description: inout RunDescription) {
        let cpus = description.plan.cells.first.flatMap { CPUSet(list: $0.cpus) } ?? .allowed()
        do {
            description.calibration = try Blocking.run {
                try await Interrupt.cancelling { try await launcher.calibrate(cpus: cpus, allowed: .allowed()) }
            }
        } catch {
            let failure = Interrupt.isRequested ? "the run was interrupted" : "\(error)"
            Console.error("calibration failed: \(failure)")
            description.calibrationFailure = failure
        }
    }

    /// Takes profiles if the run is to have some; the measurements are already stored.
    private func takeProfiles(_ launcher: TrialLauncher, for report: inout RunReport) throws {
        guard let duration = description.samplingDuration, let symbolizer else { return }
        let sampling = PostRunSampling(
            plan: SamplingPlan(duration: duration),
            varied: VariedParameters(description.plan.cells),
            symbolizer: symbolizer,
            directory: directory,
            launcher: launcher
        )
        let cells = followedUp(report)
        report.description.profiles = try Blocking.run { try await sampling.take(of: cells) }
    }

    /// Traces the cells if the run is to have traces; the measurements are already stored.
    private func trace(_ launcher: TrialLauncher, for report: inout RunReport) throws {
        guard description.isTraced == true else { return }
        let tracing = PostRunTracing(
            varied: VariedParameters(description.plan.cells),
            directory: directory,
            launcher: launcher
        )
        let cells = followedUp(report)
        report.description.traces = try Blocking.run { try await tracing.trace(cells) }
    }

    /// The cells that profiles and traces are made of: this build's own.
    private func followedUp(_ report: RunReport) -> [Cell] {
        report.records.succeeded(description.plan.cells).filter {
            $0.build == nil && !description.plan.isPeer($0)
        }
    }

    private func save(_ description: RunDescription) throws {
        try directory.write(try JSONText.page(description), to: "run.json")
    }

    private func store(_ report: RunReport) throws -> ReportPages {
        try directory.write(try JSONText.page(report.environment), to: "environment.json")
        try save(report.description)
        return try DerivedFiles.write(report, to: directory)
    }

    private func printSummary(_ pages: ReportPages) {
        Console.print(pages.text(TerminalText(hasColour: Console.hasColour)))
    }

    private func status(_ report: RunReport) -> ExitStatus {
        if Interrupt.isRequested { return .interrupted }
        let hasFailed =
            report.records.contains { $0.status == .failed }
            || report.description.profiles.contains { $0.failure != nil }
            || (report.description.traces ?? []).contains { $0.failure != nil }
        return hasFailed ? .trialFailed : .success
    }
}
