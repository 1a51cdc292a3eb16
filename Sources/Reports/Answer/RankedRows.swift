// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The rows of a run by which schedulers are ranked, workload by workload; those of peers are not among them.
struct RankedRows: Sendable {
    /// The workloads of the run in its order, each with every combination of parameters that ran.
    ///
    /// Of a server it is the processor time that counts, where it was measured: the generator may limit the rest.
    let loads: [RankedLoad]
    private let figures: [RankedLoad: [ResultRow]]

    /// Picks them from the rows of a run.
    init(_ rows: [ResultRow]) {
        let headlines = rows.filter { row in
            row.isHeadline && row.metric.direction != .info && row.cell.build == nil && row.cell.peer == nil
        }
        let groups = Dictionary(grouping: headlines, by: \.cell.conditions)
        loads = headlines.map(\.cell.conditions).unique.compactMap { conditions in
            let own = groups[conditions] ?? []
            let metric = own.first { $0.metric == .serverTime }?.metric ?? own.first?.metric
            return metric.map { RankedLoad(conditions: conditions, metric: $0) }
        }
        figures = Dictionary(grouping: headlines.filter { ($0.figures?.value ?? 0) > 0 }) { row in
            RankedLoad(conditions: row.cell.conditions, metric: row.metric)
        }
    }

    /// The workloads by which schedulers are ranked for a kind of load, in the kind's order; if none of them ran, the
    /// kind's others.
    func loads(of kind: LoadKind) -> [RankedLoad] {
        let ranked = loads(named: kind.ranked)
        return ranked.isEmpty ? loads(named: kind.workloads) : ranked
    }

    /// Workloads, in the order of their names.
    func loads(named names: [String]) -> [RankedLoad] {
        names.flatMap { name in loads.filter { $0.conditions.workload == name } }
    }

    /// The rows with figures of a workload, one per scheduler.
    func rows(_ load: RankedLoad) -> [ResultRow] { figures[load] ?? [] }
}
