// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Measurement
import Profiling
import Reports
import SystemPackage

/// One `bench profile` from its first process to its report.
struct ProfileSession: Sendable {
    private let request: ProfileRequest
    private let directory: ResultsDirectory

    init(request: ProfileRequest, directory: ResultsDirectory) {
        self.request = request
        self.directory = directory
    }

    /// Profiles, writes the files and prints the report.
    func run() async throws -> ExitStatus {
        Interrupt.catchSignals()
        try CPUProfiler.require()
        let symbolizer = try Symbolizer()
        try directory.makeFolder("profiles")
        let runner = TrialRunner(executable: try ReleaseBuild.ownPath())
        var profile = AttributedProfile()
        var costs: [(profiled: Double, plain: Double)] = []
        for round in 1...request.rounds {
            Output.note("round \(round) of \(request.rounds): \(request.name), with a profiler and without")
            let (record, raw, file) = try await profiled(round, runner)
            try await profile.add(raw, file, symbolizer)
            let plain = try await Interrupt.cancelling { try await runner.run(request.trial(round)) }
            if let with = record.cpuTime, let without = plain.cpuTime { costs.append((with, without)) }
        }
        let report = ProfileReport(profile, title: title, perturbation: costs)
        try write(profile, report)
        Output.print(report.text)
        Output.note("the flame graph is \(directory.path)/profiles/\(request.name).html")
        return report.isInconsistent ? .trialFailed : .success
    }

    private var title: String { "\(request.cell.workload) on \(request.cell.backend)/\(request.cell.switching)" }

    /// One process with a profiler.
    private func profiled(
        _ round: Int,
        _ runner: TrialRunner
    ) async throws -> (TrialRecord, RawProfile, GperftoolsProfile) {
        let path = directory.path.appending("profiles/\(request.name).\(round).prof").string
        let outcome = try await Interrupt.cancelling {
            try await runner.run(request.trial(round), profiledInto: path, frequency: request.frequency)
        }
        let (raw, file) = try outcome.files(at: path)
        return (outcome.record, raw, file)
    }

    private func write(_ profile: AttributedProfile, _ report: ProfileReport) throws {
        let folded = profile.folded(backend: request.cell.backend, workload: request.cell.workload)
        let caption = FlameCaption(
            workload: request.cell.workload,
            backend: request.cell.backend,
            switching: request.cell.switching,
            seconds: Double(profile.elapsed) / 1e9,
            samples: profile.sampleCount,
            unit: .nanoseconds
        )
        let graph = FlameGraph(folded, caption: caption, category: profile.category)
        let files = [
            "folded": FoldedStacks.text(folded), "html": try graph.html(), "svg": graph.svg,
            "speedscope.json": try Speedscope.text(folded, name: title, unit: .nanoseconds), "md": report.text,
        ]
        for (kind, text) in files { try directory.write(text, to: "profiles/\(request.name).\(kind)") }
    }
}

/// A profile could not be taken.
struct ProfileFailure: Error, CustomStringConvertible {
    let reason: String

    var description: String { reason }
}

extension ProfiledRecord {
    /// The process's own notes, and what gperftools has written.
    func files(at path: String) throws -> (RawProfile, GperftoolsProfile) {
        guard let profile else { throw ProfileFailure(reason: record.message ?? "it ended without a profile") }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ProfileFailure(reason: "'\(path)' cannot be read")
        }
        return (profile, try GperftoolsProfile(bytes: Array(bytes), name: path))
    }
}

extension TrialRecord {
    /// Nanoseconds of processor time an operation.
    fileprivate var cpuTime: Double? { measures.first { $0.metric == .cpuTime }?.value }
}
