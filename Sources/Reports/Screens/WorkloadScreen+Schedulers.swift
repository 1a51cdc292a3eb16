// SPDX-License-Identifier: Apache-2.0

import Measurement

extension WorkloadScreen {
    /// The screens of a run, by kind of load; empty for a run of two builds, which ranks no schedulers.
    package static func all(_ report: RunReport) -> [WorkloadScreen] {
        guard !report.comparesBuilds else { return [] }
        let loads = report.ranked.loads
        let known = LoadKind.allCases.flatMap { kind in
            kind.workloads.flatMap { name in loads.filter { $0.conditions.workload == name } }
        }
        let failed = report.rows.filter { row in !loads.contains { $0.conditions == row.cell.conditions } }
            .map { RankedLoad(conditions: $0.cell.conditions, metric: $0.cell.metric) }.unique
        return (known + loads.filter { !known.contains($0) } + failed).map { WorkloadScreen($0, report) }
    }

    private init(_ load: RankedLoad, _ report: RunReport) {
        let own = report.rows.filter { $0.cell.build == nil && $0.cell.conditions == load.conditions }
        let names = SchedulerNames(report.plan.cells)
        let ranking = Ranking([load], in: report)
        let explanation = Explanation(own, names)
        let remarks = GeneratorRemarks(report.rows)
        let ranked = ranking?.entries.compactMap { entry in
            entry.rows.first.map { row in
                Row(entry, row, names, explanation, remarks)
            }
        }
        let missing = own.filter { $0.figures == nil }.map { Row(without: $0, names) }
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
            return ranking.entries.count > 1
                ? ["Too few processes have measured to tell a difference from chance."] : []
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

    fileprivate init(without row: ResultRow, _ names: SchedulerNames) {
        self.init(
            scheduler: names.name(SchedulerName(row.cell)),
            value: nil,
            interval: nil,
            figure: Wording.status(row.status),
            factor: nil,
            factorInterval: nil,
            couldBeBest: false,
            switches: nil,
            systemCalls: nil,
            remark: ""
        )
    }
}
