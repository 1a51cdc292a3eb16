// SPDX-License-Identifier: Apache-2.0

import Backends
import Measurement
import Tasklets
import Workloads

/// What is compared: a backend, and how its tasklets leave the processor.
struct Strategy: Sendable, Equatable {
    let backend: Backend
    let switching: Switching

    /// `backend/switching`.
    var name: String { "\(backend.rawValue)/\(switching.rawValue)" }

    /// This strategy as what others are compared with.
    var baseline: Baseline { Baseline(backend: backend.rawValue, switching: switching.rawValue) }

    /// This strategy running a workload.
    func cell(_ workload: Workload, _ parameters: [String: Int], cpus: CPUSet) -> Cell {
        Cell(
            workload: workload.name,
            parameters: parameters,
            backend: backend.rawValue,
            switching: switching.rawValue,
            cpus: cpus.list,
            metric: workload.cellMetric
        )
    }

    /// The one strategy that a command takes.
    ///
    /// Throws a ``UsageError`` where there are several, or none.
    static func one(backend: String, switching: String?, for command: String) throws -> Strategy {
        for list in [backend, switching] where list?.contains(",") == true {
            throw UsageError("'\(list ?? "")' is not allowed: \(command) takes one backend and one switching")
        }
        return try list(backends: backend, switchings: switching)[0]
    }

    /// The strategies that two lists of names, where given, stand for.
    ///
    /// A named backend must support one of the named switchings at least, and a named switching must be supported by
    /// one of the backends: nothing that was asked for is left out in silence.
    static func list(backends: String?, switchings: String?) throws -> [Strategy] {
        let chosen = try backends.map { try parse($0, option: "--backends", kind: "backend", known: Backend.allCases) }
        guard let switchings else { return (chosen ?? Backend.allCases).flatMap(standard) }
        let wanted = try parse(switchings, option: "--switching", kind: "switching", known: Switching.allCases)
        let list = (chosen ?? Backend.allCases).flatMap { backend in
            wanted.filter(backend.switchings.contains).map { Strategy(backend: backend, switching: $0) }
        }
        if let idle = (chosen ?? []).first(where: { backend in !list.contains { $0.backend == backend } }) {
            throw UsageError.unsupported(wanted[0], by: [idle])
        }
        if let idle = wanted.first(where: { switching in !list.contains { $0.switching == switching } }) {
            throw UsageError.unsupported(idle, by: chosen ?? Backend.allCases)
        }
        return list
    }

    /// What the standard suite runs: the loops in every switching, and Dispatch, whose queues are the strategy, in one.
    private static func standard(_ backend: Backend) -> [Strategy] {
        let switchings = backend == .dispatch ? Array(backend.switchings.prefix(1)) : backend.switchings
        return switchings.map { Strategy(backend: backend, switching: $0) }
    }

    private static func parse<Name: RawRepresentable & Equatable>(
        _ list: String,
        option: String,
        kind: String,
        known: [Name]
    ) throws -> [Name] where Name.RawValue == String {
        guard list.contains(where: { $0 != "," }) else {
            let names = known.map(\.rawValue).joined(separator: ", ")
            throw UsageError("\(option) needs at least one \(kind); there are \(names)")
        }
        var chosen: [Name] = []
        for name in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = Name(rawValue: String(name)), known.contains(value) else {
                throw UsageError.unknown(kind, String(name), known: known.map(\.rawValue))
            }
            if !chosen.contains(value) { chosen.append(value) }
        }
        return chosen
    }
}

extension UsageError {
    fileprivate static func unsupported(_ switching: Switching, by backends: [Backend]) -> UsageError {
        let supported = backends.map { backend in
            "\(backend.rawValue) supports \(backend.switchings.map(\.rawValue).joined(separator: ", "))"
        }
        return UsageError("switching '\(switching.rawValue)' is not supported: \(supported.joined(separator: "; "))")
    }
}

extension Workload {
    /// The workload's own figure.
    var cellMetric: Metric {
        switch quantity {
        case .time: .time(metric)
        case .memory: .memory(metric)
        case .waits(let series): .percentile(50, of: series.rawValue)
        }
    }
}
