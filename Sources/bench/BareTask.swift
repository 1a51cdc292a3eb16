// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The yardstick of spawning: a Swift task made, run and ended on an executor that does nothing else.
enum BareTask {
    /// Measured on the calling thread, wherever that is pinned.
    static func measure() -> Calibration.Item {
        let executor = OneJobExecutor()
        let tasks = 10_000
        executor.runTasks(tasks)
        let costs = (0..<15).map { _ in Double(MonotonicClock.time { executor.runTasks(tasks) }) / Double(tasks) }
        return Calibration.Item("bare task, made, run and ended", Statistics.median(costs))
    }
}

/// Runs each job when it is asked to, on the thread that asks.
private final class OneJobExecutor: TaskExecutor, @unchecked Sendable {
    // SAFETY: used by the one thread that measures.
    private var job: UnownedJob?

    func enqueue(_ job: consuming ExecutorJob) { self.job = UnownedJob(job) }

    func runTasks(_ count: Int) {
        for _ in 0..<count {
            Task.detached(executorPreference: self) {}
            job.take()?.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
