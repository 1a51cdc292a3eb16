// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets
import TestSupport

extension Configuration {
    /// Runs `main` beside a scripted server, and stops the server afterwards.
    func run<R: Sendable>(
        _ script: @escaping ScriptedServer.Script,
        _ main: @escaping @Sendable (ScriptedServer) async throws -> R
    ) throws -> R {
        try makeScheduler().run {
            let server = try await ScriptedServer.start(script)
            defer { server.stop() }
            return try await main(server)
        }
    }
}

/// The ``HTTPClientError`` that `body` throws; nil if it throws none, or another error.
func clientError(_ body: () async throws -> Void) async -> HTTPClientError? {
    await failure(of: body) as? HTTPClientError
}
