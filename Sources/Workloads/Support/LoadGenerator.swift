// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// Clients on another scheduler that connect first and start when the measured side says so: connecting is not
/// measured.
struct LoadGenerator: Sendable {
    private let connected = OneShot<Void>()
    private let started = OneShot<Void>()

    /// Starts the client program on another scheduler; the program calls ``waitForStart()`` once it is connected.
    ///
    /// - Throws: ``SchedulerError`` if that scheduler cannot be created.
    func start(
        _ observer: any Observer,
        _ program: @escaping @Sendable () async throws -> LoadResult
    ) throws -> OneShot<LoadResult> {
        try observer.elsewhere { [connected] in
            do {
                return try await program()
            } catch {
                // The measured side may still be waiting for the connections.
                connected.fail(error)
                throw error
            }
        }
    }

    /// Called by the client program: reports that all clients are connected, and waits for the start.
    func waitForStart() async throws {
        connected.fulfill(())
        try await started.value()
    }

    /// Called by the measured side: waits until all clients are connected.
    func waitUntilConnected() async throws { try await connected.value() }

    /// Called by the measured side: waits for the connections, starts the clients, and waits for their result.
    ///
    /// The timed region is from the start to the result.
    func measure(_ observer: any Observer, _ result: OneShot<LoadResult>) async throws -> LoadResult {
        try await measure(observer, result) {}.0
    }

    /// The same, with a body that runs on the measured side under load.
    func measure<R>(
        _ observer: any Observer,
        _ result: OneShot<LoadResult>,
        meanwhile body: () async throws -> R
    ) async throws -> (LoadResult, R) {
        try await waitUntilConnected()
        observer.mark(.begin)
        started.fulfill(())
        let done = try await body()
        let answers = try await result.value()
        observer.mark(.end)
        return (answers, done)
    }
}
