// SPDX-License-Identifier: Apache-2.0

import CSwitch
import Measurement

/// The yardstick of a switch: a bare stack swap.
enum BareSwap {
    /// Measures on the calling thread, which the caller has pinned.
    static func measure() -> Calibration.Item {
        _ = sw_measure_bare_swap(10_000)
        let costs = (0..<15).map { _ in sw_measure_bare_swap(100_000) }
        return Calibration.Item("bare stack swap", Statistics.median(costs))
    }
}
