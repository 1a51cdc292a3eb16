// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import Testing

/// How a test's scheduler is made: the backend, the switching and the number of workers.
struct Configuration: Sendable, CustomTestStringConvertible {
    var backend: Backend
    var switching: Switching
    var workers: Int?

    /// Every backend with each of its switchings, and one that runs two tasklets in parallel.
    static let all =
        Backend.allCases.flatMap { backend in
            backend.switchings.map { Configuration(backend: backend, switching: $0) }
        } + [Configuration(backend: .dispatch, switching: Backend.dispatch.switchings[0], workers: 2)]

    var testDescription: String {
        "\(backend.rawValue), \(switching.rawValue)\(workers.map { ", \($0) workers" } ?? "")"
    }

    func scheduler() throws -> any Scheduler {
        try backend.makeScheduler(SchedulerOptions(switching: switching, workers: workers))
    }

    /// Runs `main` beside a scripted server, and stops the server afterwards.
    func run<R: Sendable>(
        _ script: @escaping ScriptedServer.Script,
        _ main: @escaping @Sendable (ScriptedServer) async throws -> R
    ) throws -> R {
        try scheduler().run {
            let server = try await ScriptedServer.start(script)
            defer { server.stop() }
            return try await main(server)
        }
    }
}

/// The ``HTTPClientError`` that `body` throws; nil if it throws none, or another error.
func clientError(_ body: () async throws -> Void) async -> HTTPClientError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? HTTPClientError
    }
}

/// Yields until the condition holds.
func yieldUntil(_ condition: () -> Bool) async throws {
    while !condition() { try await Tasklet.schedule() }
}
