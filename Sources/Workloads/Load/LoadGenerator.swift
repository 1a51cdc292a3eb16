// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// A load generator in its run, which connects first and starts when the measured side says so: connecting is not
/// measured.
///
/// The harness makes one for each ``Observer/load(_:)`` and reports its progress; the workload waits for that.
public struct LoadGenerator: Sendable {
    private let connected = OneShot<Void>()
    private let finished = OneShot<Void>()
    private let result = OneShot<LoadResult>()
    private let start: @Sendable () -> Void

    /// Creates one that has not connected yet.
    ///
    /// - Parameter start: tells the connected clients to start; called once, by a tasklet of the measured side.
    public init(start: @escaping @Sendable () -> Void) { self.start = start }
}

extension LoadGenerator {
    /// Reports that all clients are connected; from any thread, as the other reports.
    public func reportConnected() { connected.fulfill(()) }

    /// Reports that the last reply has come, which ends the timed region: before the result, which takes time to send.
    public func reportFinished() { finished.fulfill(()) }

    /// Reports the result.
    public func report(_ result: LoadResult) { self.result.fulfill(result) }

    /// Reports that it cannot go on, wherever it is.
    public func reportFailure(_ error: any Error) {
        connected.fail(error)
        finished.fail(error)
        result.fail(error)
    }
}

extension LoadGenerator {
    /// Waits until all clients are connected.
    func waitUntilConnected() async throws { try await connected.value() }

    /// Waits for the connections, starts the clients, and waits for their result.
    ///
    /// The timed region is from the start to the last reply.
    func measure(_ observer: any Observer) async throws -> LoadResult { try await measure(observer) {}.0 }

    /// The same, with a body that runs on the measured side under load.
    func measure<R>(
        _ observer: any Observer,
        meanwhile body: () async throws -> R
    ) async throws -> (LoadResult, R) {
        try await waitUntilConnected()
        observer.mark(.begin)
        start()
        let done = try await body()
        try await finished.value()
        observer.mark(.end)
        return (try await result.value(), done)
    }

    /// The same where the load is not what is measured: nothing is timed.
    func run() async throws -> LoadResult {
        try await waitUntilConnected()
        start()
        return try await result.value()
    }
}
