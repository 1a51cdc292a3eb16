// SPDX-License-Identifier: Apache-2.0

import Backends
import Harness
import Measurement
import Tasklets
import Workloads

extension SchedulerVariant {
    /// The variant of a subcommand that runs a single one.
    ///
    /// - Throws: ``UsageError`` for several names, unknown names, or an unsupported combination.
    static func one(backend: String, switching: String?, for command: String) throws -> SchedulerVariant {
        for list in [backend, switching] where list?.contains(",") == true {
            throw UsageError("invalid value '\(list ?? "")': \(command) takes one backend and one switching")
        }
        return try list(backends: backend, switchings: switching)[0]
    }

    /// The variants of two lists of names; nil stands for all, which are ``usual`` of the backends.
    ///
    /// Every named backend must support a named switching, and every named switching must be supported by a backend: no
    /// name is silently ignored.
    static func list(backends: String?, switchings: String?) throws -> [SchedulerVariant] {
        let chosen = try backends.map { try parse($0, option: "--backends", kind: "backend", known: Backend.allCases) }
        guard let switchings else { return (chosen ?? usual).flatMap(standard) }
        let wanted = try parse(switchings, option: "--switching", kind: "switching", known: Switching.allCases)
        let list = (chosen ?? usual).flatMap { backend in
            wanted.filter(backend.switchings.contains).map { SchedulerVariant(backend: backend, switching: $0) }
        }
        if let unused = (chosen ?? []).first(where: { backend in !list.contains { $0.backend == backend } }) {
            throw UsageError.unsupported(wanted[0], by: [unused])
        }
        if let unused = wanted.first(where: { switching in !list.contains { $0.switching == switching } }) {
            throw UsageError.unsupported(unused, by: chosen ?? usual)
        }
        return list
    }

    /// The backends of a run that names none: all but `io-uring`, which many systems refuse, which does the same as `epoll`
    /// but for I/O, and whose rows would not fit into the standard suite's three minutes.
    static let usual = Backend.allCases.filter { $0 != .ioUring }

    /// The variants in the standard suite: every switching of a backend, but only one of Dispatch, whose queues are
    /// what is compared, and no slices, which are for experiments on the cost of hard switching.
    private static func standard(_ backend: Backend) -> [SchedulerVariant] {
        let switchings =
            backend == .dispatch ? Array(backend.switchings.prefix(1)) : backend.switchings.filter { $0 != .slice }
        return switchings.map { SchedulerVariant(backend: backend, switching: $0) }
    }

    /// The variants in which a workload runs where no switching is named.
    static func own(_ workload: Workload, of variants: [SchedulerVariant]) -> [SchedulerVariant] {
        guard workload.comparesSwitchings else { return variants }
        return variants.map(\.backend).unique.flatMap { backend in
            backend.switchings.map { SchedulerVariant(backend: backend, switching: $0) }
        }
    }

    private static func parse<Name: RawRepresentable & Equatable>(
        _ list: String,
        option: String,
        kind: String,
        known: [Name]
    ) throws -> [Name] where Name.RawValue == String {
        guard list.contains(where: { $0 != "," }) else {
            let names = known.map(\.rawValue).joined(separator: ", ")
            throw UsageError("\(option) needs at least one \(kind): \(names)")
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
