// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling
import Tasklets

/// Samples the timed regions of a trial.
final class TrialSampler: @unchecked Sendable {
    // SAFETY: used by the trial's main tasklet, and by the thread that runs the trial before and after it.
    private let profiler: CPUProfiler
    private let path: String
    private var start: (usage: ProcessUsage, time: UInt64)?
    private var cpuTime: UInt64 = 0
    private var elapsed: UInt64 = 0
    private var rest: UInt64 = 0

    /// - Parameter seconds: the longest time that it may sample.
    /// - Throws: ``CPUProfilerError`` if the profiler is not available.
    init(path: String, frequency: Int, seconds: Double) throws {
        // All processors may be busy; 64 frames are a deep stack.
        let words = Double(frequency) * seconds * Double(CPUSet.allowed().numbers.count) * 64
        profiler = try CPUProfiler(frequency: frequency, capacity: Int(min(max(words, 65_536), 16_777_216)))
        self.path = path
    }

    /// Prepares the profiler, before the first timed run.
    func begin(_ scheduler: any Scheduler) throws { try profiler.start(scheduler, writingTo: path) }

    /// The timed region starts.
    func resume() {
        start = (ProcessUsage.now(), MonotonicClock.now())
        profiler.resume()
    }

    /// The timed region ends.
    func pause() {
        profiler.pause()
        guard let start else { return }
        cpuTime += (ProcessUsage.now() - start.usage).cpuTime
        elapsed += MonotonicClock.now() - start.time
        self.start = nil
    }

    /// Stops the profiler, after the last timed run.
    func end() { rest = profiler.stop() }

    /// The profile of a trial; nil if the trial did not succeed.
    func profile(of record: TrialRecord) -> ProcessSamples? {
        guard record.status.hasFigures else { return nil }
        return ProcessSamples(
            labels: CPUProfiler.labels,
            stacks: profiler.stacks,
            lost: profiler.lost,
            rest: rest,
            cpuTime: cpuTime,
            elapsed: elapsed,
            operations: record.operations * record.runs
        )
    }
}
