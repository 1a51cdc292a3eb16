// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling
import SystemPackage

/// The files of a sampled cell, in the folder `profiles` of a results directory.
struct CellArtifacts: Sendable {
    private let directory: ResultsDirectory
    /// The title of the cell's reports.
    private let title: String
    /// The base name of the files, such as `fan-out-http.epoll-soft`.
    let name: String

    /// - Parameters:
    ///   - varied: what tells the cell apart from others of its workload.
    ///   - name: the base name; nil means the cell's own.
    init(
        _ cell: Cell,
        in directory: ResultsDirectory,
        varied: VariedParameters = VariedParameters([]),
        name: String? = nil
    ) {
        self.directory = directory
        title = cell.title(varied)
        self.name = name ?? cell.fileName(varied)
    }

    /// The folder in the results directory.
    static let folder = "profiles"

    /// The path of the flame graph, relative to the results directory.
    var page: String { "\(Self.folder)/\(name).html" }

    /// The file to which gperftools writes its profile of a round.
    func path(_ round: Int) -> String { directory.path.appending("\(Self.folder)/\(name).\(round).prof").string }

    /// Writes the flame graph, folded stacks, speedscope file and report of a cell; returns the report.
    func write(_ profile: Attribution, of sampled: SampledCell) throws -> HotspotReport {
        let cell = sampled.cell
        let report = HotspotReport(profile, title: title, setting: cell.setting, cost: sampled.cost)
        let folded = profile.folded(backend: cell.backend, workload: cell.workload)
        let graph = FlameGraph(folded, caption: caption(profile, cell), category: profile.category)
        try write([
            "folded": FoldedStacks.text(folded), "html": try graph.html(), "svg": graph.svg,
            "speedscope.json": try Speedscope.text(folded, name: title, unit: .nanoseconds),
            "md": report.text,
        ])
        return report
    }

    private func caption(_ profile: Attribution, _ cell: Cell) -> FlameCaption {
        FlameCaption(
            workload: cell.workload,
            backend: cell.backend,
            switching: cell.switching,
            seconds: Double(profile.elapsed) / 1e9,
            samples: profile.sampleCount,
            unit: .nanoseconds
        )
    }

    /// Writes files, by extension.
    func write(_ texts: [String: String]) throws {
        for (suffix, text) in texts { try directory.write(text, to: "\(Self.folder)/\(name).\(suffix)") }
    }
}

extension Cell {
    /// The base name of the cell's files, such as `fan-out-http.epoll-soft`.
    func fileName(_ varied: VariedParameters) -> String {
        "\(varied.fileName(self)).\(schedulerFileName)-\(switching)"
    }

    /// The title of the cell's reports, such as `fan-out-http on epoll/soft`.
    func title(_ varied: VariedParameters) -> String { "\(varied.label(self)) on \(schedulerName)" }

    /// The parameters and processors, for a sentence.
    var setting: String {
        let parameters = parameterList.isEmpty ? "Without parameters" : "With `\(parameterList)`"
        return "\(parameters), on CPU \(cpus)"
    }

    /// The backend and switching, such as `epoll/soft`.
    package var schedulerName: String { "\(backend)/\(switching)" }
}
