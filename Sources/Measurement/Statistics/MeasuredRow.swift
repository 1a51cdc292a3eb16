// SPDX-License-Identifier: Apache-2.0

/// A row of a stored run, by which it is compared with other runs: a metric of a cell.
package struct MeasuredRow: Sendable, Equatable {
    /// What rows of two runs have in common that are compared with each other.
    package struct Key: Sendable, Hashable {
        /// The cell.
        package var cell: CellLabel
        /// The metric's name.
        package var metric: String

        /// Creates a key.
        package init(cell: CellLabel, metric: String) {
            self.cell = cell
            self.metric = metric
        }
    }

    /// The cell.
    package var cell: CellLabel
    /// The metric.
    package var metric: Metric
    /// The outcome of the cell's trials.
    package var status: TrialStatus
    /// The figure over all processes; nil where the trials failed.
    package var figure: Double?
    /// The values of the processes.
    package var values: [Double]
    /// How long the yardstick took on average in the turns from which the values come, in nanoseconds; empty if that
    /// is unknown.
    package var yardsticks: [Double]
    /// Whether the figure is below what its run could measure; see ``Resolution``.
    package var isBelowResolution: Bool
    /// Whether the figure is that of turns at full speed, by ``FullSpeed``; nil where the run did not judge that.
    package var isAtFullSpeed: Bool?

    /// Creates a row.
    package init(
        cell: CellLabel,
        metric: Metric,
        status: TrialStatus,
        figure: Double?,
        values: [Double],
        yardsticks: [Double] = [],
        isBelowResolution: Bool = false,
        isAtFullSpeed: Bool? = nil
    ) {
        self.cell = cell
        self.metric = metric
        self.status = status
        self.figure = figure
        self.values = values
        self.yardsticks = yardsticks
        self.isBelowResolution = isBelowResolution
        self.isAtFullSpeed = isAtFullSpeed
    }
}

/// A cell as the files of a run name it.
package struct CellLabel: Sendable, Hashable {
    /// The workload's name.
    package var workload: String
    /// The workload's parameters: `name=value;...`, sorted by name.
    package var parameters: String
    /// The backend's name.
    package var backend: String
    /// The switching's name.
    package var switching: String
    /// The processors, in the kernel's list format.
    package var cpus: String
    /// The other build that ran it, in a run of two builds; empty for the build that ran the run.
    package var build: String
    /// How many processors might run its tasklets at the same time; 1 in files that do not say.
    package var workers: String

    /// Creates a label.
    package init(
        workload: String,
        parameters: String,
        backend: String,
        switching: String,
        cpus: String,
        build: String = "",
        workers: String = "1"
    ) {
        self.workload = workload
        self.parameters = parameters
        self.backend = backend
        self.switching = switching
        self.cpus = cpus
        self.build = build
        self.workers = workers
    }

    /// The backend, with the number of workers if there are several, as in ``Cell/scheduler``.
    package var scheduler: String { backend + (workers == "1" ? "" : " ×\(workers)") }
}
