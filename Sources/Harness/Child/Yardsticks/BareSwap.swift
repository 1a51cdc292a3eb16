// SPDX-License-Identifier: Apache-2.0

import CSwitch
import Measurement

/// The yardstick of every switch: one stack exchanged for another, and nothing else.
enum BareSwap {
    /// Measured on the calling thread, wherever that is pinned.
    static func measure() -> Calibration.Item {
        _ = sw_measure_bare_swap(10_000)
        let costs = (0..<15).map { _ in sw_measure_bare_swap(100_000) }
        return Calibration.Item("bare stack swap", Statistics.median(costs))
    }
}
