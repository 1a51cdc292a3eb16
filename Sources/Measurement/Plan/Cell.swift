// SPDX-License-Identifier: Apache-2.0

package import ParameterValues

/// A point of the comparison: a workload with its parameters, on a backend, a switching and a set of processors.
package struct Cell: Sendable, Hashable, Codable {
    /// The workload's name.
    package var workload: String
    /// The workload's parameters.
    package var parameters: [String: ParameterValue]
    /// The backend's name.
    package var backend: String
    /// The switching's name.
    package var switching: String
    /// The processors, in the kernel's list format.
    package var cpus: String
    /// The workload's primary metric.
    package var metric: Metric
    /// How many processors may run its tasklets at the same time; nil for one.
    package var workers: Int?
    /// The other build that runs it, in a run of two builds; nil for the build that runs the run.
    package var build: String?

    /// Creates a cell.
    package init(
        workload: String,
        parameters: [String: ParameterValue],
        backend: String,
        switching: String,
        cpus: String,
        metric: Metric,
        workers: Int? = nil,
        build: String? = nil
    ) {
        self.workload = workload
        self.parameters = parameters
        self.backend = backend
        self.switching = switching
        self.cpus = cpus
        self.metric = metric
        self.workers = workers
        self.build = build
    }

    /// The backend, with the number of workers if there are several, such as `dispatch ×2`.
    package var scheduler: String { backend + (workers.map { " ×\($0)" } ?? "") }

    /// The same for the name of a file, such as `dispatch-2-workers`.
    package var schedulerFileName: String { backend + (workers.map { "-\($0)-workers" } ?? "") }

    /// The value of a parameter that is a number; nil without one.
    package func number(_ parameter: String) -> Int? { parameters[parameter]?.number }

    /// The value of a parameter that is a word; nil without one.
    package func word(_ parameter: String) -> String? { parameters[parameter]?.word }

    /// The same cell in another build.
    package func on(build: String?) -> Cell {
        var cell = self
        cell.build = build
        return cell
    }

    /// The `parameters` column: `name=value;...`, sorted by name.
    package var parameterList: String {
        parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
    }

    /// What cells have in common that are compared with each other: the workload and its parameters.
    package var conditions: Conditions { Conditions(workload: workload, parameters: parameters) }

    /// A workload with its parameters.
    package struct Conditions: Sendable, Hashable {
        /// The workload's name.
        package let workload: String
        /// The workload's parameters.
        package let parameters: [String: ParameterValue]
    }
}
