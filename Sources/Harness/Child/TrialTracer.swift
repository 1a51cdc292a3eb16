// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Profiling
import Tasklets
import Workloads

/// Traces one run of a trial, after a short one that warms up.
struct TrialTracer: Sendable {
    private let recorder: TraceRecorder

    /// The number of events that there is room for: a file of some 25 MB, which viewers open at once.
    private static let capacity = 200_000

    /// Before the scheduler is made.
    init() { recorder = TraceRecorder.turnOn(capacity: Self.capacity) }

    /// The run starts; called by the main tasklet.
    func start() { recorder.start() }

    /// The run has ended.
    func stop() { recorder.stop() }

    /// The workload marks a moment.
    func mark(_ moment: Moment) { recorder.mark("\(moment)") }

    /// Writes the trace; returns what the tasklets waited for.
    func write(to path: String, title: String) throws -> WaitProfile {
        let trace = recorder.trace
        let timeline = TaskletRuns(trace)
        let text = try ChromeTrace(trace, timeline, title: title).text()
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw UsageError("cannot write the trace '\(path)': \(error)")
        }
        return WaitProfile(trace, timeline)
    }
}
