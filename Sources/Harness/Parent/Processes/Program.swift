// SPDX-License-Identifier: Apache-2.0

import Subprocess

/// Other programs, asked for a fact.
enum Program {
    /// The first line of a program's standard output; nil if it cannot be started or fails.
    static func firstLine(_ program: String, _ arguments: [String]) async -> String? {
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
