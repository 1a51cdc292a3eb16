// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Measurement
import SystemPackage

/// The origin of a run's figures: machine, build, commit, and versions of the dependencies.
enum Provenance {
    /// The current time in ISO 8601, UTC.
    static func date() -> String { Date.now.formatted(.iso8601) }

    /// The environment of this run.
    static func environment() async -> EnvironmentRecord {
        EnvironmentRecord.record(
            date: date(),
            swift: await Program.firstLine("swift", ["--version"]) ?? "unknown",
            build: BuildMode.name,
            commit: await commit(),
            dependencies: DependencyVersions.all
        )
    }

    private static func commit() async -> String {
        guard let executable = try? ReleaseBuild.ownPath(), let package = ReleaseBuild.packageRoot(of: executable)
        else {
            return "unknown"
        }
        let arguments = ["-C", package.string, "describe", "--always", "--dirty", "--exclude=*"]
        return await Program.firstLine("git", arguments) ?? "unknown"
    }
}
