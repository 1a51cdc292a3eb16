// SPDX-License-Identifier: Apache-2.0

import Workloads

/// A workload of a suite, and what it is measured with where no option says otherwise.
struct SuitePart {
    let workload: Workload
    /// As `--backends` takes them; nil for all.
    var backends: String?
    /// As `--switching` takes them, for these backends; nil for the defaults of each.
    var switchings: String?
    /// As `--workers` takes them; nil for one and all.
    var workers: String?
    /// As `--set` takes them.
    var settings: [String] = []
    /// Whether the run's peers take part, if they can.
    var hasPeers = true
}
