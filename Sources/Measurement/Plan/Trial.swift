// SPDX-License-Identifier: Apache-2.0

/// One thing to measure: a workload, its parameters, and what runs it where.
package struct Cell: Sendable, Hashable, Codable {
    /// The workload's name.
    package var workload: String
    /// The workload's parameters.
    package var parameters: [String: Int]
    /// The scheduler's name.
    package var backend: String
    /// How a tasklet leaves the processor.
    package var switching: String
    /// The processors, in the kernel's list format.
    package var cpus: String
    /// The workload's own figure.
    package var metric: Metric

    /// Creates a cell.
    package init(
        workload: String,
        parameters: [String: Int],
        backend: String,
        switching: String,
        cpus: String,
        metric: Metric
    ) {
        self.workload = workload
        self.parameters = parameters
        self.backend = backend
        self.switching = switching
        self.cpus = cpus
        self.metric = metric
    }

    /// `name=value;...`, sorted by name: the `parameters` column.
    package var parameterList: String {
        parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
    }
}

/// A cell in one round: what one child process is asked to run.
package struct Trial: Sendable, Equatable, Codable {
    /// What to run.
    package var cell: Cell
    /// Counted from 1.
    package var round: Int
    /// Timed runs are repeated until they have taken this long together, in seconds.
    package var minimumTime: Double
    /// The process is killed after this many seconds.
    package var timeLimit: Double

    /// Creates a trial.
    package init(cell: Cell, round: Int, minimumTime: Double, timeLimit: Double) {
        self.cell = cell
        self.round = round
        self.minimumTime = minimumTime
        self.timeLimit = timeLimit
    }
}

/// How a trial ended.
package enum TrialStatus: String, Sendable, Codable {
    /// It ran, and its answer was right.
    case ok
    /// It crashed, hung, threw or gave a wrong answer.
    case failed
    /// What was asked is more than this backend can do.
    case unsupported
    /// It ran in a debug build, for a test of the harness. Never a measurement.
    case debug

    /// Whether it ran to its end, and so has figures.
    package var hasFigures: Bool { self == .ok || self == .debug }
}

/// What a trial found: one line of `trials.jsonl`.
package struct TrialRecord: Sendable, Equatable, Codable {
    /// What was asked.
    package var trial: Trial
    /// What ran, as observed from inside: the row's label.
    package var observed: Cell
    /// How it ended.
    package var status: TrialStatus
    /// Why, in a sentence, where it did not end well; or what differs from what was asked.
    package var message: String?
    /// The figures.
    package var measures: [Measure]
    /// The workload's own figure of every timed run, in the order of running.
    package var samples: [Double]
    /// The single waits that were recorded, by what they are: `latency`, `lateness` ...
    package var histograms: [String: LatencyHistogram]
    /// How many operations one run performs.
    package var operations: Int

    /// Creates a record.
    package init(
        trial: Trial,
        observed: Cell? = nil,
        status: TrialStatus,
        message: String? = nil,
        measures: [Measure] = [],
        samples: [Double] = [],
        histograms: [String: LatencyHistogram] = [:],
        operations: Int = 0
    ) {
        self.trial = trial
        self.observed = observed ?? trial.cell
        self.status = status
        self.message = message
        self.measures = measures
        self.samples = samples
        self.histograms = histograms
        self.operations = operations
    }
}
