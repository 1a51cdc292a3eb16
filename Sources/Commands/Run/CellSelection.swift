// SPDX-License-Identifier: Apache-2.0

import Harness
import Measurement
import ParameterValues
import Workloads

/// The cells of a run: each workload with its parameters, under the schedulers and peers that the arguments choose for
/// it, or else the suite.
struct CellSelection {
    private let arguments: RunArguments
    private let allowedCPUs: CPUSet
    private let settings: Settings
    private let parts: [Part]

    /// A part of the suite with its schedulers.
    private struct Part {
        let suitePart: SuitePart
        let variants: [SchedulerVariant]
        let workers: WorkerCounts
        /// Whether the switchings are those of each backend by default.
        let hasDefaultSwitchings: Bool

        /// The switchings of a suite are those of its backends, and not of others that the user chooses.
        init(_ part: SuitePart, _ arguments: RunArguments) throws {
            let ofSuite = arguments.backends == nil ? part.switchings : nil
            let switchings = arguments.switchings.switching ?? ofSuite
            suitePart = part
            variants = try SchedulerVariant.list(
                backends: arguments.backends ?? part.backends,
                switchings: switchings
            )
            workers = try WorkerCounts(arguments.workers ?? part.workers, for: variants)
            hasDefaultSwitchings = switchings == nil
        }
    }

    /// - Throws: ``UsageError`` for the first argument that cannot be used.
    init(_ arguments: RunArguments, _ parts: [SuitePart], allowedCPUs: CPUSet) throws {
        self.arguments = arguments
        self.allowedCPUs = allowedCPUs
        self.parts = try parts.map { try Part($0, arguments) }
        settings = try Settings(arguments.measurement.settings, for: parts.map(\.workload))
    }

    /// The schedulers that the user can name as the baseline, in the order of the cells.
    var baselines: [SchedulerVariant] { parts.flatMap { $0.workers.named(of: $0.variants) }.unique }

    /// The cells, in the order of the report.
    ///
    /// - Throws: ``UsageError`` for processors that cannot be had.
    func cells(with peers: [Peer]) throws -> [Cell] { try parts.flatMap { try cells($0, peers) } }

    private func cells(_ part: Part, _ peers: [Peer]) throws -> [Cell] {
        let workload = part.suitePart.workload
        let peers = part.suitePart.hasPeers ? peers.filter { $0.does(workload) } : []
        let settings = try Settings(part.suitePart.settings, for: [workload]).overridden(by: settings)
        return try settings.combinations(for: workload, quick: arguments.quick).flatMap { parameters in
            try schedulerCells(part, workload, parameters)
                + peers.flatMap { try peerCells(part, $0, workload, parameters) }
        }
    }

    private func schedulerCells(_ part: Part, _ workload: Workload, _ parameters: [String: ParameterValue]) throws
        -> [Cell]
    {
        let own = part.hasDefaultSwitchings ? SchedulerVariant.own(workload, of: part.variants) : part.variants
        return try part.workers.variants(of: own, workload, allowed: allowed).map { variant in
            let count = hasList && arguments.workers == nil ? nil : variant.workers ?? 1
            return variant.cell(workload, parameters, cpus: try cpus(count))
        }
    }

    private func peerCells(
        _ part: Part,
        _ peer: Peer,
        _ workload: Workload,
        _ parameters: [String: ParameterValue]
    ) throws -> [Cell] {
        try part.workers.counts(workload, allowed: allowed, isParallel: peer.isParallel).map { count in
            peer.cell(workload, parameters, cpus: try cpus(count), workers: count == 1 ? nil : count)
        }
    }

    private var hasList: Bool { arguments.measurement.cpus != nil }

    /// How many processors may be used; nil where the user has chosen some.
    private var allowed: Int? { hasList ? nil : allowedCPUs.numbers.count }

    private func cpus(_ count: Int?) throws -> CPUSet {
        try Selection.cpus(arguments.measurement.cpus, allowed: allowedCPUs, count: count)
    }
}
