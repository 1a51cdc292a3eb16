// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Computes, in units of work that the compiler cannot leave out.
struct BusyLoop {
    private var random = SplitMix64(seed: 1)
    /// How many have been done.
    private(set) var units = 0

    /// Does some, in about a microsecond; returns the time.
    mutating func turn() -> ContinuousClock.Instant {
        // Always adds 1, which the compiler cannot prove.
        for _ in 0..<1_000 { units &+= 1 | Int(random.next() >> 63) }
        return ContinuousClock.now
    }
}
