// SPDX-License-Identifier: Apache-2.0

package import Measurement
package import ParameterValues
package import Reports
package import Workloads

/// A peer that is built and can be measured.
package struct Peer: Sendable, Equatable {
    /// What it says about itself.
    package let announcement: PeerAnnouncement
    /// Its program.
    package let path: String
    /// How its work differs, by its README; see ``PeerDescription/differences``.
    package let differences: [String]

    /// What a report says about it.
    package var description: PeerDescription {
        PeerDescription(
            name: announcement.name,
            version: announcement.version,
            differences: differences,
            floor: announcement.floor
        )
    }

    /// The backend of its cells.
    package var backend: String { Cell.backend(ofPeer: announcement.name) }

    /// Whether it can do a workload.
    package func does(_ workload: Workload) -> Bool { announcement.workloads.contains(workload.name) }

    /// Whether it uses several processors if it may.
    package var isParallel: Bool { announcement.parallel ?? false }

    /// It running a workload.
    ///
    /// - Parameter workers: how many processors it uses; nil for one.
    package func cell(_ workload: Workload, _ parameters: [String: ParameterValue], cpus: CPUSet, workers: Int?) -> Cell
    {
        Cell(
            workload: workload.name,
            parameters: parameters,
            backend: backend,
            switching: "native",
            cpus: cpus.list,
            metric: workload.primaryMetric,
            workers: workers
        )
    }
}
