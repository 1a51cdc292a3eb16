// SPDX-License-Identifier: Apache-2.0

import Measurement
import Workloads

extension Workload {
    /// The metric that the workload is for.
    var primaryMetric: Metric {
        switch quantity {
        case .time: .time(metric)
        case .memory: .memory(metric)
        case .waits(let series): .percentile(50, of: series.rawValue)
        }
    }
}
