// SPDX-License-Identifier: Apache-2.0

package import Measurement
package import Workloads

/// A peer that is built and can be measured.
package struct Peer: Sendable, Equatable {
    /// What it says about itself.
    package let announcement: PeerAnnouncement
    /// Its program.
    package let path: String

    /// The backend of its cells.
    package var backend: String { "peer:\(announcement.name)" }

    /// Whether it can do a workload.
    package func does(_ workload: Workload) -> Bool { announcement.workloads.contains(workload.name) }

    /// It running a workload.
    package func cell(_ workload: Workload, _ parameters: [String: Int], cpus: CPUSet) -> Cell {
        Cell(
            workload: workload.name,
            parameters: parameters,
            backend: backend,
            switching: "native",
            cpus: cpus.list,
            metric: workload.primaryMetric
        )
    }
}
