// SPDX-License-Identifier: Apache-2.0

import Harness
import Measurement
import Workloads

/// The values of `--set`, checked against the workloads that run.
struct Settings: Sendable, Equatable {
    private var values: [String: [Int]] = [:]

    /// - Throws: ``UsageError`` if a value is not a number or out of range, or no workload has the parameter.
    init(_ texts: [String], for workloads: [Workload]) throws {
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw UsageError.invalid("--set", text, expected: "NAME=VALUE, such as messages=1000")
            }
            let list = parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            values[parts[0]] = try list.map { try Self.value($0, of: parts[0], in: workloads) }.unique
        }
    }

    /// These, with what others set in place of the same.
    func overridden(by others: Settings) -> Settings {
        var all = self
        all.values.merge(others.values) { _, other in other }
        return all
    }

    /// The parameters of a workload, set or default, in every combination of their values.
    func combinations(for workload: Workload, quick: Bool) -> [[String: Int]] {
        workload.parameters.reduce([[:]]) { combinations, parameter in
            let values = values[parameter.name] ?? parameter.values(quick: quick)
            return combinations.flatMap { combination in
                values.map { combination.merging([parameter.name: $0]) { _, new in new } }
            }
        }
    }

    /// The parameters of a workload that is to run with one value of each.
    ///
    /// - Throws: ``UsageError`` if several were set.
    func values(for workload: Workload, command: String) throws -> [String: Int] {
        let pairs = try workload.parameters.map { parameter in
            let values = values[parameter.name] ?? [parameter.defaultValue]
            guard values.count == 1 else {
                let text = values.map(String.init).joined(separator: ",")
                throw UsageError.invalid("--set", "\(parameter.name)=\(text)", expected: "one value for \(command)")
            }
            return (parameter.name, values[0])
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

extension Parameter {
    /// What is measured where no value is set.
    fileprivate func values(quick: Bool) -> [Int] {
        if !sweep.isEmpty { return sweep }
        return [quick ? quickValue : defaultValue]
    }
}
