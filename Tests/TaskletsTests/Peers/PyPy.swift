// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage
import TestSupport

/// PyPy's `stackless.py`, where it is installed.
enum PyPy {
    /// Whether `pypy3` is installed.
    static let isInstalled = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":")
        .contains { access("\($0)/pypy3", X_OK) == 0 }

    /// Runs programs in one process, and returns the trace of each.
    static func traces(of programs: [PeerProgram]) async throws -> [[String]] {
        let outcome = try await Subprocess.run(
            .name("pypy3"),
            arguments: [try script().string],
            input: .string(programs.map { "\($0)\n" }.joined()),
            output: .string(limit: 1 << 28),
            error: .string(limit: 1 << 20)
        )
        let traces = outcome.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
            .split(separator: "", omittingEmptySubsequences: false)
            .map { $0.map(String.init) }
        // The last empty line ends the last trace, and the text.
        guard outcome.terminationStatus.isSuccess, traces.count == programs.count + 2 else {
            throw Failure("pypy3 did not run all programs: \(outcome.terminationStatus) \(outcome.standardError)")
        }
        return Array(traces.prefix(programs.count))
    }

    /// `Tests/Peers/pypy-stackless.py`.
    private static func script(_ source: String = #filePath) throws -> FilePath {
        FilePath(source).removingLastComponent().removingLastComponent().removingLastComponent()
            .appending("Peers/pypy-stackless.py")
    }
}
