// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Measurement
import Subprocess
import SystemPackage

/// What other programs have to be asked about the build.
enum Provenance {
    /// Now, in ISO 8601, UTC.
    static func date() -> String { Date.now.formatted(.iso8601) }

    /// The environment of this run.
    static func environment() async -> EnvironmentRecord {
        EnvironmentRecord.record(
            date: date(),
            swift: await firstLine("swift", ["--version"]) ?? "unknown",
            build: Build.mode,
            commit: await commit()
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

    /// The first line that a program prints.
    ///
    /// Nil where there is no such program or it fails.
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
