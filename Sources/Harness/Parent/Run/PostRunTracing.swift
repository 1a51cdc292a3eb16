// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling
import Reports
import SystemPackage

/// The traces of `bench run --trace`: of every cell whose trials succeeded, after all measurements, one run each.
struct PostRunTracing: Sendable {
    let varied: VariedParameters
    let directory: ResultsDirectory
    let launcher: TrialLauncher

    /// The folder in the results directory.
    private static let folder = "traces"
    /// The time limit of a traced trial, in seconds.
    private static let timeLimit = 120.0

    /// Traces cell by cell, writes the files, and returns the entries of the report.
    ///
    /// Stops early when interrupted.
    ///
    /// - Throws: ``StorageError`` if a file cannot be written.
    func trace(_ cells: [Cell]) async throws -> [TraceEntry] {
        guard !cells.isEmpty else { return [] }
        try directory.createFolder(Self.folder)
        var entries: [TraceEntry] = []
        for (index, cell) in cells.enumerated() where !Interrupt.isRequested {
            Console.note("trace \(index + 1) of \(cells.count): \(cell.title(varied))")
            do { entries.append(try await entry(cell)) } catch is CancellationError { break }
        }
        return entries
    }

    private func entry(_ cell: Cell) async throws -> TraceEntry {
        let name = "\(Self.folder)/\(cell.fileName(varied))"
        let file = "\(name).trace.json"
        let title = cell.title(varied)
        let trial = Trial(cell: cell, round: 1, minimumTime: 0, timeLimit: Self.timeLimit)
        let path = directory.path.appending(file).string
        let response = try await Interrupt.cancelling {
            try await launcher.run(trial, tracingInto: path, title: title)
        }
        guard let profile = response.profile else {
            let reason = response.record.message ?? "the trial ended without a trace"
            Console.error("no trace of \(title): \(reason)")
            return TraceEntry(cell: cell, failure: Console.oneLine(reason))
        }
        try write(profile, of: cell, title: title, name: name)
        if let failure = profile.failure { Console.error("the trace of \(title): \(failure)") }
        return TraceEntry(
            cell: cell,
            file: file,
            page: "\(name).waits.html",
            events: profile.events,
            isCut: profile.isCut,
            parts: profile.parts.map { TraceEntry.Part(name: $0.name, fraction: $0.fraction) },
            failure: profile.failure
        )
    }

    /// Writes the report, the stacks and the flame graph of the waits.
    private func write(_ profile: WaitProfile, of cell: Cell, title: String, name: String) throws {
        let folded = profile.folded(backend: cell.backend, workload: cell.workload)
        let caption = FlameCaption(
            title: "Waits of \(cell.workload)",
            subtitle: "\(cell.backend) · \(cell.switching) · lives of all tasklets, added up",
            unit: .nanoseconds
        )
        let graph = FlameGraph(folded, caption: caption, category: WaitProfile.category)
        let texts = [
            "md": WaitReport(profile, title: title, setting: cell.setting).text, "folded": FoldedStacks.text(folded),
            "html": try graph.html(), "svg": graph.svg,
        ]
        for (suffix, text) in texts { try directory.write(text, to: "\(name).waits.\(suffix)") }
    }
}
