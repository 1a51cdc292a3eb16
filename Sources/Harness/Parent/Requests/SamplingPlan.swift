// SPDX-License-Identifier: Apache-2.0

import Measurement

/// How a cell is sampled: how often, how long, and in how many processes.
package struct SamplingPlan: Sendable, Equatable {
    /// Samples per second of processor time.
    package let frequency: Int
    /// The processes with the profiler, each paired with one without; enough of them to bootstrap.
    package let rounds = 10
    /// The minimum of the sampled seconds of all rounds together; a run of a workload is never cut short.
    package let duration: Int

    /// Creates a plan.
    package init(frequency: Int = 250, duration: Int) {
        self.frequency = frequency
        self.duration = duration
    }

    /// The trial of a cell in a round.
    func trial(_ cell: Cell, round: Int) -> Trial {
        let seconds = Double(duration) / Double(rounds)
        return Trial(cell: cell, round: round, minimumTime: seconds, timeLimit: Self.timeLimit(seconds))
    }

    /// The time limit of a trial that samples for a number of seconds.
    static func timeLimit(_ seconds: Double) -> Double { 60 + 4 * seconds }
}
