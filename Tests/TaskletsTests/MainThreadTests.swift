// SPDX-License-Identifier: Apache-2.0

import Backends
import FoundationEssentials
import Subprocess
import SystemPackage
import Tasklets
import Testing

@Suite struct `A scheduler that is run on the main thread` {
    @Test(arguments: Configuration.all)
    func `Runs the main actor's jobs as well`(configuration: Configuration) async throws {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let outcome = try await Subprocess.run(
            .path(FilePath(tests).removingLastComponent().appending("MainThreadProgram")),
            arguments: [
                configuration.backend.rawValue, configuration.switching.rawValue, "\(configuration.workers ?? 0)",
            ],
            output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16)
        )
        #expect(outcome.standardOutput == "[155, 155]\n", "\(outcome.standardError)")
        #expect(outcome.terminationStatus == .exited(0))
    }
}
