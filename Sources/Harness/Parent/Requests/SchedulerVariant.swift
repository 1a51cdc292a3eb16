// SPDX-License-Identifier: Apache-2.0

package import Backends
package import Measurement
package import ParameterValues
package import Tasklets
package import Workloads

/// A scheduler to measure: a backend with one of its switchings.
package struct SchedulerVariant: Sendable, Hashable {
    package let backend: Backend
    package let switching: Switching
    /// How many processors may run tasklets at the same time; nil for one.
    package let workers: Int?

    /// Creates a variant.
    package init(backend: Backend, switching: Switching, workers: Int? = nil) {
        self.backend = backend
        self.switching = switching
        self.workers = workers
    }

    /// `backend/switching`.
    package var name: String { "\(backend.rawValue)/\(switching.rawValue)" }

    /// This variant as the baseline.
    package var baseline: Baseline {
        Baseline(backend: backend.rawValue, switching: switching.rawValue, workers: workers)
    }

    /// This variant running a workload.
    package func cell(_ workload: Workload, _ parameters: [String: ParameterValue], cpus: CPUSet) -> Cell {
        Cell(
            workload: workload.name,
            parameters: parameters,
            backend: backend.rawValue,
            switching: switching.rawValue,
            cpus: cpus.list,
            metric: workload.primaryMetric,
            workers: workers
        )
    }
}
