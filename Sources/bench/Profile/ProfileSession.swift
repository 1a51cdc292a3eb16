// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling
import Reports

/// One `bench profile` from its first process to its report.
struct ProfileSession: Sendable {
    private let request: ProfileRequest
    private let directory: ResultsDirectory
    private let symbolizer: Symbolizer

    init(request: ProfileRequest, directory: ResultsDirectory, symbolizer: Symbolizer) {
        self.request = request
        self.directory = directory
        self.symbolizer = symbolizer
    }

    /// Profiles, writes the files and prints the report.
    ///
    /// After an interruption it does so with the rounds that were complete.
    func run() async throws -> ExitStatus {
        Interrupt.catchSignals()
        try directory.write(try JSONText.page(await Provenance.environment()), to: "environment.json")
        try directory.makeFolder(ProfileFiles.folder)
        let taken = try await takeRounds()
        var profiles: [Attribution] = []
        var reports: [HotspotReport] = []
        for (one, files) in zip(taken, files) {
            let profile = try await one.attributed(symbolizer)
            reports.append(try files.write(profile, of: one))
            profiles.append(profile)
        }
        if taken.count == 2 { try compare(taken, profiles) } else { tell(reports[0], files[0]) }
        return status(reports)
    }

    private func takeRounds() async throws -> [TakenProfile] {
        let runner = TrialRunner(executable: try ReleaseBuild.ownPath())
        let rounds = ProfileRounds(request.cells, request.pace, files: files, runner: runner)
        let names = request.cells.map(\.strategyName).unique.joined(separator: " and ")
        let taken = try await rounds.take { round in
            Output.note(
                "round \(round) of \(request.pace.rounds): \(request.cells[0].workload) on \(names), "
                    + "with a profiler and without"
            )
        }
        if Interrupt.isRequested {
            Output.note("interrupted; the report is of \(taken[0].rounds.count) of \(request.pace.rounds) rounds")
        }
        return taken
    }

    private var files: [ProfileFiles] {
        request.cells.enumerated().map { index, cell in
            // Whoever compares one with itself wants to see what chance alone shows.
            let isTaken = request.cells.prefix(index).contains(cell)
            return ProfileFiles(cell, in: directory, name: isTaken ? "\(cell.profileName).again" : nil)
        }
    }

    private func tell(_ report: HotspotReport, _ files: ProfileFiles) {
        Output.print(report.text)
        Output.note("the flame graph is \(directory.path)/\(files.page)")
    }

    private func compare(_ taken: [TakenProfile], _ profiles: [Attribution]) throws {
        let sides = zip(taken, profiles).map { taken, profile in
            AttributionDifference.Side(
                name: taken.cell.strategyName,
                profile: profile,
                plain: taken.rounds.map(\.plain)
            )
        }
        let workload = taken[0].cell.workload
        let difference = AttributionDifference(from: sides[0], to: sides[1])
        let graph = difference.flameGraph(workload: workload)
        let report = DifferenceReport(difference, workload: workload, setting: taken[0].cell.setting)
        let names = taken.map { "\($0.cell.backend)-\($0.cell.switching)" }
        let files = ProfileFiles(
            taken[1].cell,
            in: directory,
            name: "\(workload).\(names[1])-against-\(names[0])"
        )
        try files.write(["html": try graph.html(), "svg": graph.svg, "md": report.text])
        Output.print(report.text)
        Output.note("the differential flame graph is \(directory.path)/\(files.page)")
    }

    private func status(_ reports: [HotspotReport]) -> ExitStatus {
        if Interrupt.isRequested { return .interrupted }
        return reports.contains(where: \.isInconsistent) ? .trialFailed : .success
    }
}
