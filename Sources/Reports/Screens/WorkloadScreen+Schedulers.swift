// SPDX-License-Identifier: Apache-2.0

import Measurement

extension WorkloadScreen {
    /// The screens of a run, by kind of load; empty for a run of two builds, which ranks no schedulers.
    ///
    /// Nor are any ranked where parameters are compared: the schedulers have not taken turns.
    package static func all(_ report: RunReport) -> [WorkloadScreen] {
        guard !report.comparesBuilds else { return [] }
        let known = LoadKind.allCases.flatMap { report.ranked.loads(named: $0.workloads) }
        let others = report.ranked.loads.filter { load in
            !known.contains(load) && !report.plan.comparesParameters(of: load.conditions.workload)
        }
        return Parallel.map(known + others) { WorkloadScreen($0, report) }
    }

    private init(_ load: RankedLoad, _ report: RunReport) {
        let own = report.rows.filter { row in
            row.cell.build == nil && row.cell.peer == nil && row.cell.conditions == load.conditions
        }
        let names = SchedulerNames(report.plan.cells)
        let ranking = Ranking([load], in: report)
        let explanation = Explanation(own, names)
        let remarks = GeneratorRemarks(report.rows)
        let ranked = ranking?.entries.compactMap { entry in
            entry.rows.first.map { row in
                Row(entry, row, names, explanation, remarks)
            }
        }
        let shown = Set((ranking?.entries ?? []).map(\.scheduler))
        let missing = own.filter {
            ($0.metric == load.metric || $0.figures == nil) && !shown.contains(SchedulerName($0.cell))
        }
        .map { Row(unranked: $0, names) }
        let cell = own.first?.cell
        self.init(
            label: cell.map(VariedParameters(report.plan.cells).label) ?? load.conditions.workload,
            workload: load.conditions.workload,
            load: LoadKind(ofWorkload: load.conditions.workload),
            parameters: cell?.parameterList ?? "",
            metric: load.metric.name,
            unit: load.metric.unit,
            rows: (ranked ?? []) + missing,
            causes: explanation.sentences,
            blindness: ranking.map { Self.blindness($0, names) } ?? []
        )
    }

    private static func blindness(_ ranking: Ranking, _ names: SchedulerNames) -> [String] {
        let seen = ranking.entries.dropFirst().compactMap { entry in
            entry.smallestEffect.map { (effect: $0, name: names.name(entry.scheduler)) }
        }.sorted { $0.effect < $1.effect }
        guard let least = seen.first, let most = seen.last else {
            return ranking.entries.count > 1 ? ["\(ranking.equality.capitalizedFirst)."] : []
        }
        let range = "\(Wording.effect(least.effect)) (\(least.name)) to \(Wording.effect(most.effect)) (\(most.name))"
        return ["Nine in ten such runs show a difference from the best of \(range), depending on the scheduler."]
    }
}

extension WorkloadScreen.Row {
    fileprivate init(
        _ entry: Ranking.Entry,
        _ row: ResultRow,
        _ names: SchedulerNames,
        _ explanation: Explanation,
        _ remarks: GeneratorRemarks
    ) {
        let remark = remarks.remark(on: row.cell, for: row.metric)
        self.init(
            scheduler: names.name(entry.scheduler),
            value: row.figures?.value,
            interval: row.figures?.interval.map { [$0.low, $0.high] },
            figure: row.figures.map { Wording.figure($0, unit: row.metric.unit) } ?? "",
            factor: entry.factor,
            factorInterval: entry.interval.map { [$0.low, $0.high] },
            couldBeBest: entry.couldBeBest,
            switches: explanation.switches(row.cell),
            systemCalls: explanation.systemCalls(row.cell),
            remark: remark.isEmpty ? "" : String(remark.dropFirst(2))
        )
    }

    /// A row without a figure, or with one of zero, of which nothing is a multiple.
    fileprivate init(unranked row: ResultRow, _ names: SchedulerNames) {
        self.init(
            scheduler: names.name(SchedulerName(row.cell)),
            value: row.figures?.value,
            interval: nil,
            figure: row.figures.map { Wording.figure($0, unit: row.metric.unit) } ?? Wording.status(row.status),
            factor: nil,
            factorInterval: nil,
            couldBeBest: false,
            switches: nil,
            systemCalls: nil,
            remark: ""
        )
    }
}
