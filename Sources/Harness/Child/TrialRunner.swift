// SPDX-License-Identifier: Apache-2.0

import Backends
import Glibc
package import Measurement
import Profiling
import Tasklets
import Workloads

/// Runs a trial in this process, which runs nothing else: pins the process, runs the workload on the scheduler, and
/// labels what ran.
package struct TrialRunner {
    private let trial: Trial
    private let sampler: TrialSampler?
    private let tracer: TrialTracer?
    private let port: TurnPort?
    /// Nil if the workload has no load.
    private let generator: Result<GeneratorProcess, GeneratorFailure>?

    /// Starts the load generator, which starts up while this process does.
    private init(
        _ trial: Trial,
        sampler: TrialSampler? = nil,
        tracer: TrialTracer? = nil,
        port: TurnPort? = nil
    ) {
        self.trial = trial
        self.sampler = sampler
        self.tracer = tracer
        self.port = port
        generator = Self.startGenerator(trial.cell)
    }

    private static func startGenerator(_ cell: Cell) -> Result<GeneratorProcess, GeneratorFailure>? {
        guard Workloads.named(cell.workload)?.isServer == true, let measured = CPUSet(list: cell.cpus) else {
            return nil
        }
        return Result { () throws(GeneratorFailure) in
            try GeneratorProcess(cpus: GeneratorProcess.cpus(allowed: PinnedStart.allowed, measured: measured))
        }
    }

    /// Runs a trial; the record holds every failure short of a crash.
    package static func run(_ trial: Trial) -> TrialRecord {
        begin(trial)
        return TrialRunner(trial).run()
    }

    /// Runs a trial in the turns that the parent gives on standard input, until that ends.
    package static func takeTurns(_ trial: Trial) throws -> TrialRecord {
        PinnedStart.ensure(trial.cell)
        let port = TurnPort(timeLimit: trial.timeLimit)
        let runner = TrialRunner(trial, port: port)
        // Loading the programs is done meanwhile, on any processor.
        guard try port.next() == .prepare else { throw UsageError("the parent ended before the trial began") }
        return runner.run()
    }

    /// Runs a trial with the sampling profiler.
    ///
    /// - Throws: ``CPUProfilerError`` if the profiler is not available.
    package static func run(_ request: SampledTrialRequest) throws -> SampledTrialResponse {
        begin(request.trial)
        let sampler = try TrialSampler(
            path: request.path,
            frequency: request.frequency,
            seconds: request.trial.timeLimit
        )
        let record = TrialRunner(request.trial, sampler: sampler).run()
        return SampledTrialResponse(record, profile: sampler.profile(of: record))
    }

    /// Runs a trial with a trace, and writes that.
    ///
    /// - Throws: ``UsageError`` if the trace cannot be written.
    package static func run(_ request: TracedTrialRequest) throws -> TracedTrialResponse {
        begin(request.trial)
        let tracer = TrialTracer()
        let record = TrialRunner(request.trial, tracer: tracer).run()
        guard record.status.hasFigures else { return TracedTrialResponse(record) }
        return TracedTrialResponse(record, profile: try tracer.write(to: request.path, title: request.title))
    }

    /// A trial on its own has its limit for everything.
    private static func begin(_ trial: Trial) {
        PinnedStart.ensure(trial.cell)
        TrialAlarm.set(trial.timeLimit)
    }

    private func run() -> TrialRecord {
        do {
            return try measure()
        } catch let error as SchedulerError where error.code == .unsupported || error.isShortage {
            return failure(.unsupported, error.message)
        } catch let error as GeneratorFailure where error.isShortage {
            return failure(.unsupported, error.description)
        } catch let error as WorkloadUnsupported {
            return failure(.unsupported, error.reason)
        } catch {
            return failure(.failed, "\(error)")
        }
    }

    private func measure() throws -> TrialRecord {
        let cell = trial.cell
        guard let workload = Workloads.named(cell.workload), let backend = Backend(rawValue: cell.backend),
            let switching = Switching(rawValue: cell.switching), let cpus = CPUSet(list: cell.cpus)
        else { throw UsageError("the trial has a name that this build does not know") }
        let generator = try generator?.get()
        defer { generator?.end() }
        guard cpus.pinCurrentThread() else {
            throw UsageError("the kernel refused to pin the trial to CPU \(cpus.list)")
        }
        DescriptorLimit.raise()
        let layout = HeapLayout(seed: trial.layout)
        defer { layout.free() }
        // Before the scheduler has threads; what the generator's replies cost is not counted.
        let counters = trial.isCounting ? EventCounters() : nil
        var options = SchedulerOptions()
        options.switching = switching
        if backend.hasWorkers { options.workers = cell.workers }
        let scheduler = try backend.makeScheduler(options)
        let runs = TimedRuns(
            workload,
            Parameters(cell.parameters),
            scheduler,
            generator: generator,
            processors: BusyProcessors(cpus),
            minimumTime: trial.minimumTime,
            planted: PlantedCost(percent: trial.plantedCost),
            sampler: sampler,
            tracer: tracer,
            counters: counters
        )
        let (readings, turns) = try scheduler.run { [port] in
            guard let port else { return (try await runs.all(), [Turn]()) }
            return try await runs.turns(port)
        }
        let results = TrialResults(workload, readings, operations: runs.operations, counting: trial.isCounting)
        return record(results, turns, granted: scheduler.switching)
    }

    /// - Parameter granted: the switching that the scheduler reports; the mechanism of its switches takes precedence.
    private func record(_ results: TrialResults, _ turns: [Turn], granted: Switching) -> TrialRecord {
        var observed = trial.cell
        observed.cpus = CPUSet.allowed().list
        observed.switching = (results.mechanism ?? granted).rawValue
        // The measured processes of the cell say it once.
        let differs = !trial.isCounting && observed.switching != trial.cell.switching
        return TrialRecord(
            trial: trial,
            observed: observed,
            status: BuildMode.isDebug ? .debug : .ok,
            message: differs ? "requested \(trial.cell.switching), ran \(observed.switching)" : nil,
            measures: results.measures,
            // Of a counting trial, turns say nothing about the machine's speed.
            turns: trial.isCounting ? [] : turns,
            histograms: results.histograms,
            operations: results.operations,
            runs: results.runs
        )
    }

    private func failure(_ status: TrialStatus, _ message: String) -> TrialRecord {
        TrialRecord(trial: trial, status: status, message: Console.oneLine(message))
    }
}
