// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Measurement
import Profiling
import Reports
import Tasklets

/// A trial that a profile is to be taken of.
struct ProfiledTrial: Codable, Sendable {
    var trial: Trial
    /// Where gperftools writes its profile.
    var path: String
    /// Samples for every second of processor time.
    var frequency: Int
}

/// What came of it.
struct ProfiledRecord: Codable, Sendable {
    var record: TrialRecord
    /// Nil where the trial did not end well.
    var profile: ProcessSamples?

    init(_ record: TrialRecord, profile: ProcessSamples? = nil) {
        self.record = record
        self.profile = profile
    }
}

/// `bench profile-trial`: one trial in this process, with a profiler.
///
/// Used by `bench profile` and `bench run --profile` alone.
struct ProfiledTrialCommand: ParsableCommand, ExitingCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile-trial",
        abstract: "Runs one trial in this process with a profiler.",
        shouldDisplay: false
    )

    @Argument(help: "The trial, as JSON.")
    var trial: String

    func execute() -> ExitStatus {
        attempt("the profile") {
            let order = try TrialOrder.read(
                ProfiledTrial.self,
                from: trial,
                of: "profile-trial",
                madeBy: "bench profile"
            )
            TrialOrder.limit(order.trial)
            let profile = try TrialProfile(path: order.path, frequency: order.frequency, seconds: order.trial.timeLimit)
            let record = TrialProcess(order.trial, profile: profile).run()
            Output.print(try JSONText.line(ProfiledRecord(record, profile: profile.result(record))))
            return .success
        }
    }
}

/// Takes a profile of what is timed in a trial.
final class TrialProfile: @unchecked Sendable {
    // SAFETY: used by the trial's main tasklet, and by the thread that ran it, before and after.
    private let profiler: CPUProfiler
    private let path: String
    private var start: (usage: ProcessUsage, time: UInt64)?
    private var cpuTime: UInt64 = 0
    private var elapsed: UInt64 = 0
    private var rest: UInt64 = 0

    /// - Parameter seconds: how long it may last.
    /// - Throws: ``CPUProfilerError`` where the profiler is not to be had.
    init(path: String, frequency: Int, seconds: Double) throws {
        // Every processor may be busy; a stack of 64 frames is a deep one.
        let most = Double(frequency) * seconds * Double(CPUSet.allowed().numbers.count) * 64
        profiler = try CPUProfiler(frequency: frequency, capacity: Int(min(max(most, 65_536), 16_777_216)))
        self.path = path
    }

    /// Prepares it.
    func begin(_ scheduler: any Scheduler) throws { try profiler.start(scheduler, writingTo: path) }

    /// What follows is timed.
    func resume() {
        start = (ProcessUsage.now(), MonotonicClock.now())
        profiler.resume()
    }

    /// What was timed has ended.
    func pause() {
        profiler.pause()
        guard let start else { return }
        cpuTime += (ProcessUsage.now() - start.usage).cpuTime
        elapsed += MonotonicClock.now() - start.time
        self.start = nil
    }

    func end() { rest = profiler.stop() }

    /// The profile, where the trial ended well.
    func result(_ record: TrialRecord) -> ProcessSamples? {
        guard record.status.hasFigures else { return nil }
        return ProcessSamples(
            labels: CPUProfiler.labels,
            stacks: profiler.stacks,
            lost: profiler.lost,
            rest: rest,
            cpuTime: cpuTime,
            elapsed: elapsed,
            operations: record.operations * record.samples.count
        )
    }
}
