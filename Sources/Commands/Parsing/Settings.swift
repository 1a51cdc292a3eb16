// SPDX-License-Identifier: Apache-2.0

import Harness
import Measurement
import ParameterValues
import Workloads

/// The values of `--set`, checked against the workloads that run.
struct Settings: Sendable, Equatable {
    private var values: [String: [ParameterValue]] = [:]

    /// - Throws: ``UsageError`` if a value is not allowed, or no workload has the parameter.
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

    /// The parameters of a workload, set or default, in every combination of their values; or in the workload's own
    /// combinations, where none of what these vary is set.
    func combinations(for workload: Workload, quick: Bool) -> [[String: ParameterValue]] {
        let all: [[String: ParameterValue]] = workload.parameters.reduce([[:]]) { combinations, parameter in
            let values = values[parameter.name] ?? parameter.values(quick: quick)
            return combinations.flatMap { combination in
                values.map { combination.merging([parameter.name: $0]) { _, new in new } }
            }
        }
        let varied = Set(workload.combinations.flatMap(\.keys))
        guard !varied.isEmpty, varied.isDisjoint(with: values.keys) else { return all }
        let own = workload.combinations.flatMap { combination in
            all.map { parameters in parameters.merging(combination) { _, new in new } }
        }
        return own.unique
    }

    /// The parameters of a workload that is to run with one value of each.
    ///
    /// - Throws: ``UsageError`` if several were set.
    func values(for workload: Workload, command: String) throws -> [String: ParameterValue] {
        let pairs = try workload.parameters.map { parameter in
            let values = values[parameter.name] ?? [parameter.defaultValue]
            guard values.count == 1 else {
                let text = values.map(\.description).joined(separator: ",")
                throw UsageError.invalid("--set", "\(parameter.name)=\(text)", expected: "one value for \(command)")
            }
            return (parameter.name, values[0])
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The value, which every workload that has the parameter must allow.
    private static func value(_ text: String, of name: String, in workloads: [Workload]) throws -> ParameterValue {
        let owners = workloads.flatMap { workload in
            workload.parameters.filter { $0.name == name }.map { (workload: workload.name, parameter: $0) }
        }
        let values = try owners.map { try $0.parameter.value(text, of: $0.workload) }
        guard let value = values.last else {
            let known = workloads.flatMap(\.parameters).map(\.name).unique
            throw UsageError.unknown("parameter", name, known: known)
        }
        return value
    }
}

extension Parameter {
    /// What is measured where no value is set.
    fileprivate func values(quick: Bool) -> [ParameterValue] {
        if !sweep.isEmpty { return sweep }
        return [quick ? quickValue : defaultValue]
    }

    /// - Throws: ``UsageError`` for a value that is not allowed.
    fileprivate func value(_ text: String, of workload: String) throws -> ParameterValue {
        switch domain {
        case .numbers(let range): return .number(try UsageError.whole("'\(name)' of \(workload)", text, in: range))
        case .words(let words):
            guard words.contains(text) else {
                throw UsageError.unknown("\(name) of \(workload)", text, known: words)
            }
            return .word(text)
        }
    }
}
