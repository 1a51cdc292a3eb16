// SPDX-License-Identifier: Apache-2.0

import Measurement
package import Profiling
import Reports

/// A `bench profile`, from the first trial to the report.
package struct ProfileSession: Sendable {
    private let request: ProfileRequest
    private let directory: ResultsDirectory
    private let symbolizer: Symbolizer

    /// Creates a session that writes into a directory.
    package init(request: ProfileRequest, directory: ResultsDirectory, symbolizer: Symbolizer) {
        self.request = request
        self.directory = directory
        self.symbolizer = symbolizer
    }

    /// Samples the cells, writes the files and prints the report; if interrupted, of the rounds completed before.
    package func run() async throws -> ExitStatus {
        Interrupt.catchSignals()
        try directory.write(try JSONText.page(await Provenance.environment()), to: "environment.json")
        try directory.createFolder(CellArtifacts.folder)
        let sampled = try await takeRounds()
        var profiles: [Attribution] = []
        var reports: [HotspotReport] = []
        for (cell, artifacts) in zip(sampled, artifacts) {
            let profile = try await cell.attributed(symbolizer)
            reports.append(try artifacts.write(profile, of: cell))
            profiles.append(profile)
        }
        if sampled.count == 2 { try compare(sampled, profiles) } else { print(reports[0], artifacts[0]) }
        return status(reports)
    }

    private func takeRounds() async throws -> [SampledCell] {
        let launcher = TrialLauncher(executable: try ReleaseBuild.ownPath())
        let rounds = PairedRounds(request.cells, request.plan, artifacts: artifacts, launcher: launcher)
        let names = request.cells.map(\.schedulerName).unique.joined(separator: " and ")
        let sampled = try await rounds.take { round in
            Console.note(
                "round \(round) of \(request.plan.rounds): \(request.cells[0].workload) on \(names), "
                    + "with and without the profiler"
            )
        }
        if Interrupt.isRequested {
            let count = sampled[0].rounds.count
            Console.note("interrupted; the report covers \(count) of \(request.plan.rounds) rounds")
        }
        return sampled
    }

    private var artifacts: [CellArtifacts] {
        request.cells.enumerated().map { index, cell in
            // A cell may be compared with itself, to see the differences that are due to chance.
            let own = CellArtifacts(cell, in: directory)
            let isTaken = request.cells.prefix(index).contains(cell)
            return isTaken ? CellArtifacts(cell, in: directory, name: "\(own.name).again") : own
        }
    }

    private func print(_ report: HotspotReport, _ artifacts: CellArtifacts) {
        Console.print(report.text)
        Console.note("the flame graph is \(directory.path)/\(artifacts.page)")
    }

    private func compare(_ sampled: [SampledCell], _ profiles: [Attribution]) throws {
        let sides = zip(sampled, profiles).map { cell, profile in
            AttributionDifference.Side(
                name: cell.cell.schedulerName,
                profile: profile,
                plain: cell.rounds.map(\.plain)
            )
        }
        let workload = sampled[0].cell.workload
        let difference = AttributionDifference(from: sides[0], to: sides[1])
        let graph = difference.flameGraph(workload: workload)
        let report = DifferenceReport(difference, workload: workload, setting: sampled[0].cell.setting)
        let names = sampled.map { "\($0.cell.backend)-\($0.cell.switching)" }
        let artifacts = CellArtifacts(
            sampled[1].cell,
            in: directory,
            name: "\(workload).\(names[1])-against-\(names[0])"
        )
        try artifacts.write(["html": try graph.html(), "svg": graph.svg, "md": report.text])
        Console.print(report.text)
        Console.note("the differential flame graph is \(directory.path)/\(artifacts.page)")
    }

    private func status(_ reports: [HotspotReport]) -> ExitStatus {
        if Interrupt.isRequested { return .interrupted }
        return reports.contains(where: \.isInconsistent) ? .trialFailed : .success
    }
}
