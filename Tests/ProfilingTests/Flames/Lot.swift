// SPDX-License-Identifier: Apache-2.0

/// Pseudo-random numbers, the same for the same seed: the upper bits of a linear congruential generator.
struct Lot {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number from 0 up to a limit, exclusive.
    mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
}
