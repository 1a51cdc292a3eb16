// SPDX-License-Identifier: Apache-2.0

public import ParameterValues

/// A program that drives a scheduler and knows its right answer.
///
/// ``run`` executes as the main tasklet of the measured scheduler, and cannot tell which one that is. Set-up and
/// tear-down stay outside the timed region, which the workload marks through its ``Observer``.
public struct Workload: Sendable {
    /// The name on the command line: a noun in kebab case.
    public let name: String
    /// A sentence for `bench list`.
    public let summary: String
    /// The parameters, set with `--set NAME=VALUE`.
    public let parameters: [Parameter]
    /// Combinations of values that a run measures where none of their parameters is set; empty for every combination of
    /// the parameters' own values.
    ///
    /// With combinations, it is these that are compared: their processes take turns with each other.
    public let combinations: [[String: ParameterValue]]
    /// The name of an operation, in the singular: "round trip", "yield", "hop".
    public let operation: String
    /// The name of the primary metric in `results.csv`: "round-trip", "switch", "spawn-join" ...
    public let metric: String
    /// The quantity that the primary metric measures.
    public let quantity: Quantity
    /// Whether clients load it from another process; see ``Observer/load(_:)``.
    public let isServer: Bool
    /// How its clients load the server of another program; nil where there is no server, or only ours does what they
    /// need.
    public let serverLoad: (@Sendable (Parameters) -> ServerLoad)?
    /// Whether it compares ways to switch: measured with all of them, on one processor.
    public let comparesSwitchings: Bool
    /// Values with which a warm-up run is shorter, where a schedule fixes how long a run takes.
    public let warmUp: [String: Int]
    /// The number of operations in a run.
    public let operations: @Sendable (Parameters) -> Int
    /// The right answer of a run; the harness compares it with the result of ``run``.
    public let expected: @Sendable (Parameters) -> Int
    /// Performs a run and returns its answer.
    public let run: @Sendable (Parameters, any Observer) async throws -> Int

    /// Creates a workload; see the properties for the arguments.
    public init(
        name: String,
        summary: String,
        parameters: [Parameter],
        combinations: [[String: ParameterValue]] = [],
        operation: String,
        metric: String,
        quantity: Quantity = .time,
        isServer: Bool = false,
        serverLoad: (@Sendable (Parameters) -> ServerLoad)? = nil,
        comparesSwitchings: Bool = false,
        warmUp: [String: Int] = [:],
        operations: @escaping @Sendable (Parameters) -> Int,
        expected: @escaping @Sendable (Parameters) -> Int,
        run: @escaping @Sendable (Parameters, any Observer) async throws -> Int
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.combinations = combinations
        self.operation = operation
        self.metric = metric
        self.quantity = quantity
        self.isServer = isServer
        self.serverLoad = serverLoad
        self.comparesSwitchings = comparesSwitchings
        self.warmUp = warmUp
        self.operations = operations
        self.expected = expected
        self.run = run
    }
}

/// What a workload measures per operation.
public enum Quantity: Sendable, Equatable {
    /// The time from ``Moment/begin`` to ``Moment/end``, after a warm-up run, over several runs.
    case time
    /// The growth of the resident set from ``Moment/begin`` to ``Moment/occupied``, in a single run without a warm-up:
    /// memory touched by an earlier run would not show.
    case memory
    /// The median of the wait times that the runs record through ``Observer/record(_:as:)``.
    case waits(Series)
}

/// The parameters are beyond what this scheduler supports; a failure of neither.
public struct WorkloadUnsupported: Error, Sendable {
    /// A sentence with the reason.
    public let reason: String

    /// Creates the error.
    public init(reason: String) { self.reason = reason }
}
