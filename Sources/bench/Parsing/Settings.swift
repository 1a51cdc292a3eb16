// SPDX-License-Identifier: Apache-2.0

import Harness
import Measurement
import Workloads

/// The values of `--set`, checked against the workloads that run.
struct Settings: Sendable, Equatable {
    private var values: [String: Int] = [:]

    /// - Throws: ``UsageError`` if a value is not a number or out of range, or no workload has the parameter.
    init(_ texts: [String], for workloads: [Workload]) throws {
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw UsageError.invalid("--set", text, expected: "NAME=VALUE, such as messages=1000")
            }
            values[parts[0]] = try Self.value(parts[1], of: parts[0], in: workloads)
        }
    }

    /// The parameters of a workload: set or default.
    func values(for workload: Workload, quick: Bool) -> [String: Int] {
        let pairs = workload.parameters.map { parameter in
            (parameter.name, values[parameter.name] ?? (quick ? parameter.quickValue : parameter.defaultValue))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private static func value(_ text: String, of name: String, in workloads: [Workload]) throws -> Int {
        let owners = workloads.filter { workload in workload.parameters.contains { $0.name == name } }
        guard !owners.isEmpty else {
            let known = workloads.flatMap(\.parameters).map(\.name).unique
            throw UsageError.unknown("parameter", name, known: known)
        }
        var value = 0
        for owner in owners {
            for parameter in owner.parameters where parameter.name == name {
                value = try UsageError.whole("'\(name)' of \(owner.name)", text, in: parameter.range)
            }
        }
        return value
    }
}
