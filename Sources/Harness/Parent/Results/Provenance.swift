// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Measurement
import Subprocess
import SystemPackage

/// The origin of a run's figures: machine, build, commit, and versions of the dependencies.
enum Provenance {
    /// The current time in ISO 8601, UTC.
    static func date() -> String { Date.now.formatted(.iso8601) }

    /// The environment of this run.
    static func environment() async -> EnvironmentRecord {
        EnvironmentRecord.record(
            date: date(),
            swift: await firstLine("swift", ["--version"]) ?? "unknown",
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
        return await firstLine("git", arguments) ?? "unknown"
    }

    /// The first line of a program's standard output; nil if it cannot be started or fails.
    private static func firstLine(_ program: String, _ arguments: [String]) async -> String? {
        let outcome = try? await Subprocess.run(
            .name(program),
            arguments: Arguments(arguments),
            output: .string(limit: 65_536),
            error: .discarded
        )
        guard let outcome, outcome.terminationStatus.isSuccess else { return nil }
        return outcome.standardOutput.split(separator: "\n").first.map(String.init)
    }
}
