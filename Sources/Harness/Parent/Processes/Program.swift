// SPDX-License-Identifier: Apache-2.0

import Subprocess
import SystemPackage

/// Other programs, asked for a fact.
enum Program {
    /// The first line of the standard output of a program; nil if it cannot be started or fails.
    ///
    /// - Parameter program: its name, or a path with a slash.
    static func firstLine(_ program: String, _ arguments: [String]) async -> String? {
        let outcome = try? await Subprocess.run(
            program.contains("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments(arguments),
            output: .string(limit: 65_536),
            error: .discarded
        )
        guard let outcome, outcome.terminationStatus.isSuccess else { return nil }
        return outcome.standardOutput.split(separator: "\n").first.map(String.init)
    }
}
