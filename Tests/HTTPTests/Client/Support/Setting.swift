// SPDX-License-Identifier: Apache-2.0

import Backends
import HTTP
import Tasklets
import Testing

/// A scheduler that clients run on: a backend, how it switches, and how many workers it has.
struct Setting: Sendable, CustomTestStringConvertible {
    var backend: Backend
    var switching: Switching
    var workers: Int?

    /// Every backend with every switching that it has, and one that runs two tasklets at a time.
    static let all =
        Backend.allCases.flatMap { backend in
            backend.switchings.map { Setting(backend: backend, switching: $0) }
        } + [Setting(backend: .dispatch, switching: Backend.dispatch.switchings[0], workers: 2)]

    var testDescription: String {
        "\(backend.rawValue), \(switching.rawValue)\(workers.map { ", \($0) workers" } ?? "")"
    }

    func scheduler() throws -> any Scheduler {
        try backend.makeScheduler(SchedulerOptions(switching: switching, workers: workers))
    }

    /// Runs `main` beside a server that replies as the script says, and stops that at its end.
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

/// The error that something throws; nil where it throws none, or another one.
func clientError(_ body: () async throws -> Void) async -> HTTPClientError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? HTTPClientError
    }
}

/// Gives way to others until the condition holds.
func giveWayUntil(_ condition: () -> Bool) async throws {
    while !condition() { try await Tasklet.schedule() }
}
