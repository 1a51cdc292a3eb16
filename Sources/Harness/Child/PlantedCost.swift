// SPDX-License-Identifier: Apache-2.0

import Measurement

/// A known cost, planted to see whether a run finds it; see ``Trial/plantedCost``.
struct PlantedCost: Sendable {
    /// The cost as a part of the measured time; 0 for none.
    private let part: Double

    init(percent: Double?) { part = (percent ?? 0) / 100 }

    /// Spends the cost of a run on the processor; returns how long the run took with it, in nanoseconds.
    func spend(after elapsed: UInt64) -> UInt64 {
        guard part > 0 else { return elapsed }
        let start = MonotonicClock.now()
        let cost = cost(of: elapsed)
        while MonotonicClock.now() - start < cost {}
        return elapsed + (MonotonicClock.now() - start)
    }

    /// A wait with its cost, in nanoseconds.
    func added(to wait: UInt64) -> UInt64 { wait + cost(of: wait) }

    private func cost(of time: UInt64) -> UInt64 { UInt64(Double(time) * part) }
}
