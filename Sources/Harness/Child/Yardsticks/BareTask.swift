// SPDX-License-Identifier: Apache-2.0

import Backends
import Measurement
import Synchronization
import Tasklets

/// The yardstick of spawning: a Swift task, created and run to completion on the executor that tasklets run on.
enum BareTask {
    /// Measures on the calling thread, which the caller has pinned.
    static func measure() -> Calibration.Item {
        Calibration.Item("bare task, created and run", try? medianCost())
    }

    private static func medianCost() throws -> Double? {
        let scheduler = try Backend.roundRobin.makeScheduler()
        guard let executor = scheduler as? any TaskExecutor else { return nil }
        return try scheduler.run {
            var costs: [Double] = []
            for _ in 0..<15 { costs.append(try await cost(of: 10_000, on: executor)) }
            return Statistics.median(costs)
        }
    }

    /// A task does what a tasklet of the spawn-join workload does: an addition.
    private static func cost(of tasks: Int, on executor: any TaskExecutor) async throws -> Double {
        let sum = Sum()
        let start = MonotonicClock.now()
        for number in 0..<tasks {
            Task.detached(executorPreference: executor) { sum.value.add(number, ordering: .relaxed) }
            // The loop runs the task before this tasklet's next turn.
            try await Tasklet.schedule()
        }
        return Double(MonotonicClock.now() - start) / Double(tasks)
    }

    private final class Sum: Sendable {
        let value = Atomic<Int>(0)
    }
}
