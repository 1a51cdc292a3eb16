// SPDX-License-Identifier: Apache-2.0

/// A parameter of a workload: a whole number that the user may set.
public struct Parameter: Sendable, Equatable {
    /// The name on the command line, such as `messages`.
    public let name: String
    /// A few words on what it counts.
    public let summary: String
    /// The default.
    public let defaultValue: Int
    /// The default with `--quick`.
    public let quickValue: Int
    /// The values that a run measures where none is set; empty for the default alone.
    public let sweep: [Int]
    /// The allowed values.
    public let range: ClosedRange<Int>

    /// Creates a parameter.
    public init(
        _ name: String,
        _ summary: String,
        default defaultValue: Int,
        quick: Int,
        sweep: [Int] = [],
        in range: ClosedRange<Int>
    ) {
        self.name = name
        self.summary = summary
        self.defaultValue = defaultValue
        self.quickValue = quick
        self.sweep = sweep
        self.range = range
    }
}

/// The parameter values of a run.
public struct Parameters: Sendable, Equatable {
    private var values: [String: Int]

    /// Wraps values that have been checked against the workload's parameters.
    public init(_ values: [String: Int]) { self.values = values }

    /// The value of a parameter that the workload declares; traps for any other name.
    public subscript(name: String) -> Int {
        guard let value = values[name] else { preconditionFailure("the workload declares no parameter '\(name)'") }
        return value
    }

    /// These with some values, where they are smaller.
    public func shortened(to values: [String: Int]) -> Parameters {
        Parameters(self.values.merging(values) { own, other in min(own, other) })
    }
}
