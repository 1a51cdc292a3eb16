// SPDX-License-Identifier: Apache-2.0

/// A situation that drives a scheduler and knows its own right answer.
///
/// The driver is a tasklet: ``run`` executes as the main tasklet of whichever scheduler is measured, and cannot tell
/// which one that is. Set-up stays outside the timed region, which the workload marks through ``Observer``.
public struct Workload: Sendable {
    /// Kebab-case noun, as typed on the command line.
    public let name: String
    /// One sentence for `bench list`.
    public let summary: String
    /// What can be set with `--set NAME=VALUE`.
    public let parameters: [Parameter]
    /// What one operation is, in the singular: "round trip", "yield", "hop".
    public let operation: String
    /// The name in `results.csv` of the figure per operation: "round-trip", "switch", "spawn-join" ...
    public let metric: String
    /// What that figure is.
    public let quantity: Quantity
    /// How many operations one run performs.
    public let operations: @Sendable (Parameters) -> Int
    /// The right answer of one run; the harness compares it with what ``run`` returned.
    public let expected: @Sendable (Parameters) -> Int
    /// One run, which returns its answer.
    public let run: @Sendable (Parameters, any Observer) async throws -> Int

    /// Creates a workload; see the properties for what each argument means.
    public init(
        name: String,
        summary: String,
        parameters: [Parameter],
        operation: String,
        metric: String,
        quantity: Quantity = .time,
        operations: @escaping @Sendable (Parameters) -> Int,
        expected: @escaping @Sendable (Parameters) -> Int,
        run: @escaping @Sendable (Parameters, any Observer) async throws -> Int
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.operation = operation
        self.metric = metric
        self.quantity = quantity
        self.operations = operations
        self.expected = expected
        self.run = run
    }
}

/// What a workload measures per operation.
public enum Quantity: Sendable, Equatable {
    /// The time between ``Moment/begin`` and ``Moment/end``, after an untimed run, over as many runs as it takes.
    case time
    /// The growth of the resident memory from ``Moment/begin`` to ``Moment/occupied``, in one run without a warm-up:
    /// memory that an earlier run has touched would not show.
    case memory
    /// How long single waits take, as the run records them through ``Observer/record(_:as:)``: the median of all runs.
    case waits(Series)
}

/// A whole number that the user may set, with what it may be.
public struct Parameter: Sendable, Equatable {
    /// As typed: `messages`.
    public let name: String
    /// What it counts, in a few words.
    public let summary: String
    /// The value when it is not set.
    public let defaultValue: Int
    /// The value with `--quick`.
    public let quickValue: Int
    /// What is allowed.
    public let range: ClosedRange<Int>

    /// Creates a parameter.
    public init(_ name: String, _ summary: String, default defaultValue: Int, quick: Int, in range: ClosedRange<Int>) {
        self.name = name
        self.summary = summary
        self.defaultValue = defaultValue
        self.quickValue = quick
        self.range = range
    }
}

/// The values that one trial runs with.
public struct Parameters: Sendable, Equatable {
    private var values: [String: Int]

    /// Wraps values that have been checked against the workload's parameters.
    public init(_ values: [String: Int]) { self.values = values }

    /// The value of a parameter that the workload declares.
    ///
    /// Asking for another is a mistake in the workload.
    public subscript(name: String) -> Int {
        guard let value = values[name] else { preconditionFailure("the workload declares no parameter '\(name)'") }
        return value
    }

    /// `name=value;...`, sorted by name: the `parameters` column of the results.
    public var description: String {
        values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
    }
}

/// A workload cannot be run with these parameters on this scheduler, which is no failure of either.
public struct WorkloadUnsupported: Error, Sendable {
    /// A sentence that says why.
    public let reason: String

    /// Creates the error.
    public init(reason: String) { self.reason = reason }
}
