// SPDX-License-Identifier: Apache-2.0

import Measurement
import Profiling
import SystemPackage

/// The files of a cell's profile, in the folder `profiles` of a results directory.
struct ProfileFiles: Sendable {
    private let directory: ResultsDirectory
    /// What they are called: `fan-out-http.epoll-soft`.
    let name: String

    /// - Parameter name: what they are called, where the cell's own name is taken.
    init(_ cell: Cell, in directory: ResultsDirectory, name: String? = nil) {
        self.directory = directory
        self.name = name ?? cell.profileName
    }

    static let folder = "profiles"

    /// Where the flame graph is, from the results directory.
    var page: String { "\(Self.folder)/\(name).html" }

    /// Where gperftools writes its own profile of a round.
    func path(_ round: Int) -> String { directory.path.appending("\(Self.folder)/\(name).\(round).prof").string }

    /// Writes all but gperftools' own, and returns the report.
    func write(_ profile: Attribution, of taken: TakenProfile) throws -> HotspotReport {
        let cell = taken.cell
        let report = HotspotReport(profile, title: cell.profileTitle, setting: cell.setting, cost: taken.cost)
        let folded = profile.folded(backend: cell.backend, workload: cell.workload)
        let caption = FlameCaption(
            workload: cell.workload,
            backend: cell.backend,
            switching: cell.switching,
            seconds: Double(profile.elapsed) / 1e9,
            samples: profile.sampleCount,
            unit: .nanoseconds
        )
        let graph = FlameGraph(folded, caption: caption, category: profile.category)
        try write([
            "folded": FoldedStacks.text(folded), "html": try graph.html(), "svg": graph.svg,
            "speedscope.json": try Speedscope.text(folded, name: cell.profileTitle, unit: .nanoseconds),
            "md": report.text,
        ])
        return report
    }

    /// Writes files, given by what their names end in.
    func write(_ texts: [String: String]) throws {
        for (kind, text) in texts { try directory.write(text, to: "\(Self.folder)/\(name).\(kind)") }
    }
}

extension Cell {
    /// `fan-out-http.epoll-soft`.
    var profileName: String { "\(workload).\(backend)-\(switching)" }

    /// `fan-out-http on epoll/soft`.
    var profileTitle: String { "\(workload) on \(strategyName)" }

    /// With which parameters it ran, and where.
    var setting: String {
        let parameters = parameterList.isEmpty ? "Without parameters" : "With `\(parameterList)`"
        return "\(parameters), on CPU \(cpus)"
    }

    /// `epoll/soft`.
    var strategyName: String { "\(backend)/\(switching)" }
}
