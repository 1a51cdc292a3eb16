// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// What clients have found.
struct LoadResult: Sendable {
    /// How many replies were right.
    var right: Int
    /// How long each took, from when it was to be sent, and from when it was sent, in nanoseconds.
    var latency: [UInt64]
    var uncorrected: [UInt64]
}

/// Clients on another scheduler, which are told when to start.
///
/// They connect first, and the load begins when all have: connecting is not measured.
struct Load: Sendable {
    private let connected = OneShot<Void>()
    private let start = OneShot<Void>()

    /// Starts a program elsewhere, which calls ``begin(_:)`` when its clients are connected.
    ///
    /// - Throws: ``SchedulerError`` where that other scheduler cannot be had.
    func run(
        _ observer: any Observer,
        _ program: @escaping @Sendable () async throws -> LoadResult
    ) throws -> OneShot<LoadResult> {
        try observer.elsewhere { [connected] in
            do {
                return try await program()
            } catch {
                // Whoever waits for the connections must not wait for ever.
                connected.fail(error)
                throw error
            }
        }
    }

    /// Called by the program: says that all are connected, and waits for the start.
    func begin() async throws {
        connected.fulfill(())
        try await start.value()
    }

    /// Called by the measured side: waits until all are connected.
    func untilConnected() async throws { try await connected.value() }

    /// Called by the measured side: waits until all are connected, lets them go, and waits for what they find; that is
    /// the timed region.
    func measure(_ observer: any Observer, _ result: OneShot<LoadResult>) async throws -> LoadResult {
        try await measure(observer, result) {}.0
    }

    /// The same, with something to be done meanwhile.
    func measure<R>(
        _ observer: any Observer,
        _ result: OneShot<LoadResult>,
        meanwhile body: () async throws -> R
    ) async throws -> (LoadResult, R) {
        try await untilConnected()
        observer.mark(.begin)
        start.fulfill(())
        let done = try await body()
        let answers = try await result.value()
        observer.mark(.end)
        return (answers, done)
    }
}

/// Requests of several clients, each of which sends one after another.
struct RequestLoop: Sendable {
    /// How many there are together.
    let requests: Int
    /// How many clients share them.
    let clients: Int
    /// From one request's moment to the next one's; nil where each follows the reply to the one before: a closed loop.
    var interval: Duration?

    /// Performs all requests, and notes how long they took.
    ///
    /// In an open loop a request that is late, because its client still waits for another reply, counts from when it
    /// should have been sent: wrk2's remedy for what Gil Tene calls coordinated omission.
    ///
    /// - Parameter perform: called with the client's number and the request's; returns whether the reply was right.
    func run(_ perform: @escaping @Sendable (_ client: Int, _ request: Int) async throws -> Bool) async throws
        -> LoadResult
    {
        let latency = Waits(requests)
        let uncorrected = Waits(requests)
        let right = Tally()
        let start = ContinuousClock.now
        let senders = (0..<clients).map { client in
            Tasklet.spawn("client") {
                for request in stride(from: client, to: requests, by: clients) {
                    let intended = interval.map { start + $0 * request }
                    if let intended { try await Tasklet.sleep(until: intended) }
                    let sent = ContinuousClock.now
                    if try await perform(client, request) { right.add(1) }
                    let end = ContinuousClock.now
                    latency.note(end - (intended ?? sent), at: request)
                    uncorrected.note(end - sent, at: request)
                }
            }
        }
        for sender in senders { try await sender.join() }
        return LoadResult(right: right.sum, latency: latency.all, uncorrected: uncorrected.all)
    }
}

extension Observer {
    /// Records what clients have found; in an open loop both ways of counting.
    func record(_ result: LoadResult, isOpen: Bool) {
        record(result.latency, as: .latency)
        if isOpen { record(result.uncorrected, as: .uncorrected) }
    }
}
