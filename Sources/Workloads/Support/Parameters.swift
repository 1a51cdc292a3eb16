// SPDX-License-Identifier: Apache-2.0

public import ParameterValues

/// The parameter values of a run.
public struct Parameters: Sendable, Equatable {
    private var values: [String: ParameterValue]

    /// Wraps values that have been checked against the workload's parameters.
    public init(_ values: [String: ParameterValue]) { self.values = values }

    /// The value of a numeric parameter that the workload declares; traps for any other name.
    public subscript(name: String) -> Int {
        guard let value = values[name]?.number else {
            preconditionFailure("the workload declares no numeric parameter '\(name)'")
        }
        return value
    }

    /// The value of a parameter that the workload declares with choices of this type; traps for any other name.
    public func choice<Choice: ParameterChoice>(_ name: String, of type: Choice.Type = Choice.self) -> Choice {
        guard let choice = values[name]?.word.flatMap({ Choice(rawValue: $0) }) else {
            preconditionFailure("the workload declares no parameter '\(name)' with choices of \(Choice.self)")
        }
        return choice
    }

    /// These with some numbers, where they are smaller.
    public func shortened(to numbers: [String: Int]) -> Parameters {
        Parameters(
            values.merging(numbers.mapValues { .number($0) }) { own, other in
                guard let least = own.number, let number = other.number else { return own }
                return .number(min(least, number))
            }
        )
    }
}
