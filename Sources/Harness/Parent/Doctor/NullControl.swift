// SPDX-License-Identifier: Apache-2.0

import Backends
import Measurement
import Reports
import SystemPackage
import Tasklets
import Workloads

/// A comparison of a cell with itself: any difference that it shows is noise.
///
/// Its two arms take turns in short processes, like the cells of a run.
struct NullControl: Sendable {
    private let cell: Cell
    private let builds: Builds
    private static let control = "control"
    private static let rounds = 16
    /// As long as in a run of default length.
    private static let minimumTime = 0.01

    /// - Parameter executable: this program.
    init(executable: FilePath, cpus: CPUSet) throws {
        let name = "ping-pong"
        guard let workload = Workloads.named(name) else { throw UsageError("there is no workload \(name)") }
        let variant = SchedulerVariant(backend: .epoll, switching: .soft)
        let parameters = Dictionary(uniqueKeysWithValues: workload.parameters.map { ($0.name, $0.defaultValue) })
        cell = variant.cell(workload, parameters, cpus: cpus)
        builds = Builds(own: executable, other: OtherBuild(name: Self.control, path: executable.string))
    }

    /// Measures both arms, and says what they show, in lines for ``DoctorPage``.
    ///
    /// Blocks the calling thread, like a run.
    func run() -> [String] {
        let plan = Plan(
            cells: [cell.on(build: Self.control), cell],
            rounds: Self.rounds,
            seed: UInt64.random(in: 0...(.max)),
            minimumTime: Self.minimumTime,
            timeLimit: 20
        )
        var records: [TrialRecord] = []
        for round in 1...plan.rounds {
            var order = plan.turnOrder(round, batch: 1)
            let trials = plan.cells.shuffled(using: &order).map { plan.trial($0, round: round) }
            records += Batch(trials, builds).run(order: order, speed: FullSpeed(of: records))
            if let failure = records.first(where: { !$0.status.hasFigures }) {
                return ["  not measured: \(failure.message ?? "a trial failed")"]
            }
        }
        return lines(Summary(of: records, cells: plan.cells, baseline: .build(Self.control)).rows)
    }

    private func lines(_ rows: [ResultRow]) -> [String] {
        let row = rows.first { $0.cell.build == nil && $0.metric == $0.cell.metric }
        guard let figures = row?.figures, let comparison = figures.comparison, let interval = comparison.interval,
            let effect = comparison.smallestEffect
        else { return ["  not measured: too few processes succeeded"] }
        let found = Figure.compact((effect - 1) * 100)
        let share = figures.fullSpeedShare.map { Figure.percent($0, of: 1) } ?? "none"
        return [
            "  \(cell.workload) on \(cell.backend), \(cell.switching), with itself, \(figures.processes) processes each:",
            "  ratio \(Figure.significant(comparison.ratio)), 95 % interval \(Wording.ratios(interval))",
            "  \(share) of the turns ran at full speed",
            "  so many processes find a difference of \(found) % in nine of ten cases",
        ]
    }
}
