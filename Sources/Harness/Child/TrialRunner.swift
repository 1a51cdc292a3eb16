// SPDX-License-Identifier: Apache-2.0

import Backends
import Measurement
import Tasklets
import Workloads

/// One trial, in this process, which is its own: pins it, runs the workload under the scheduler, labels what ran.
struct TrialProcess {
    private let trial: Trial
    private let profile: TrialProfile?

    /// - Parameter profile: is taken of what is timed, where it is wanted.
    init(_ trial: Trial, profile: TrialProfile? = nil) {
        self.trial = trial
        self.profile = profile
    }

    /// The record; whatever goes wrong short of a crash is in it.
    func run() -> TrialRecord {
        do {
            return try measure()
        } catch let error as SchedulerError where error.code == .unsupported || error.isShortage {
            return ended(.unsupported, error.message)
        } catch let error as WorkloadUnsupported {
            return ended(.unsupported, error.reason)
        } catch {
            return ended(.failed, "\(error)")
        }
    }

    private func measure() throws -> TrialRecord {
        let cell = trial.cell
        guard let workload = Workloads.named(cell.workload), let backend = Backend(rawValue: cell.backend),
            let switching = Switching(rawValue: cell.switching), let cpus = CPUSet(list: cell.cpus)
        else { throw UsageError("the trial names something that this build does not have") }
        let load = LoadThread(allowed: .allowed(), measured: cpus)
        guard cpus.pinCurrentThread() else {
            throw UsageError("the kernel refused to pin the trial to CPU \(cpus.list)")
        }
        DescriptorLimit.raise()
        var options = SchedulerOptions()
        options.switching = switching
        let scheduler = try backend.makeScheduler(options)
        let parameters = Parameters(cell.parameters)
        let runs = TimedRuns(
            workload,
            parameters,
            scheduler,
            load: load,
            minimumTime: trial.minimumTime,
            profile: profile
        )
        let results = try scheduler.run { try await runs.all() }
        return record(TrialResults(workload, results, operations: runs.operations), granted: scheduler.switching)
    }

    /// - Parameter granted: the switching that the scheduler says it has; what its switches say goes before.
    private func record(_ results: TrialResults, granted: Switching) -> TrialRecord {
        var observed = trial.cell
        observed.cpus = CPUSet.allowed().list
        observed.switching = (results.mechanism ?? granted).rawValue
        let differs = observed.switching != trial.cell.switching
        return TrialRecord(
            trial: trial,
            observed: observed,
            status: Build.isDebug ? .debug : .ok,
            message: differs ? "asked for \(trial.cell.switching), ran \(observed.switching)" : nil,
            measures: results.measures,
            samples: results.samples,
            histograms: results.histograms,
            operations: results.operations
        )
    }

    private func ended(_ status: TrialStatus, _ message: String) -> TrialRecord {
        TrialRecord(trial: trial, status: status, message: Output.oneLine(message))
    }
}
