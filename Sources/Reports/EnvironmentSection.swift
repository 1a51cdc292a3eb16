// SPDX-License-Identifier: Apache-2.0

import Measurement

/// The report's table of the machine and the build.
enum EnvironmentSection {
    /// The section, in Markdown.
    static func text(_ report: RunReport) -> String { "## Environment\n\n\(table(report).text)" }

    /// The facts.
    static func table(_ report: RunReport) -> MarkdownTable {
        let environment = report.environment
        let facts = [
            ("processor", environment.cpuModel),
            ("CPUs allowed", environment.cpus),
            ("architecture", environment.architecture),
            ("memory", Figure.readable(Double(environment.memory), unit: "bytes")),
            ("kernel", environment.kernel),
            ("virtualization", environment.virtualization),
            ("frequency governor", environment.governor),
            ("clock source", environment.clockSource),
            ("load before", environment.loadBefore),
            ("load after", environment.loadAfter ?? "unknown"),
            ("Swift", environment.swift),
            ("build", environment.build),
            ("commit", environment.commit),
            ("dependencies", dependencies(environment)),
            ("minimum time per trial", "\(Figure.plain(report.plan.minimumTime)) s"),
            ("time limit per trial", "\(Figure.plain(report.plan.timeLimit)) s"),
        ]
        var table = MarkdownTable([("environment", .left), ("", .left)])
        facts.forEach { table.add([$0.0, $0.1]) }
        return table
    }

    private static func dependencies(_ environment: EnvironmentRecord) -> String {
        guard let versions = environment.dependencies else { return "unknown" }
        return versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
