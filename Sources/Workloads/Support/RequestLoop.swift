// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// The requests of several clients; each client sends its share one after another.
struct RequestLoop: Sendable {
    /// The requests of all clients together.
    let requests: Int
    /// The number of clients.
    let clients: Int
    /// The time between the scheduled starts of two requests; nil for a closed loop, in which each request follows the
    /// reply to the previous one.
    var interval: Duration?

    /// Performs all requests and records their latencies.
    ///
    /// In an open loop the latency of a request counts from its scheduled start, even if its client was still waiting
    /// for an earlier reply: wrk2's correction for coordinated omission, a term of Gil Tene's.
    ///
    /// - Parameter perform: performs a client's request; returns whether the reply was right.
    func run(_ perform: @escaping @Sendable (_ client: Int, _ request: Int) async throws -> Bool) async throws
        -> LoadResult
    {
        let latency = WaitTimes(requests)
        let uncorrected = WaitTimes(requests)
        let right = AtomicSum()
        let start = ContinuousClock.now
        let senders = (0..<clients).map { client in
            Tasklet.spawn("client") {
                for request in stride(from: client, to: requests, by: clients) {
                    let scheduled = interval.map { start + $0 * request }
                    if let scheduled { try await Tasklet.sleep(until: scheduled) }
                    let sent = ContinuousClock.now
                    if try await perform(client, request) { right.add(1) }
                    let end = ContinuousClock.now
                    latency.note(end - (scheduled ?? sent), at: request)
                    uncorrected.note(end - sent, at: request)
                }
            }
        }
        for sender in senders { try await sender.join() }
        return LoadResult(right: right.sum, latency: latency.all, uncorrected: uncorrected.all)
    }
}

/// The replies that a load generator's clients received.
struct LoadResult: Sendable {
    /// The number of right replies.
    var right: Int
    /// The latency of each request from its scheduled start, in nanoseconds.
    var latency: [UInt64]
    /// The latency of each request from when it was sent, in nanoseconds.
    var uncorrected: [UInt64]

    /// The latency of each request less a delay that no scheduler can avoid, in nanoseconds; zero if the delay is
    /// longer.
    func latency(beyond delays: [Duration]) -> [UInt64] {
        zip(latency, delays).map { latency, delay in latency - min(latency, delay.nanoseconds) }
    }
}

extension Observer {
    /// Records the latencies; those of an open loop both corrected and uncorrected.
    func record(_ result: LoadResult, isOpen: Bool) {
        record(result.latency, as: .latency)
        if isOpen { record(result.uncorrected, as: .uncorrected) }
    }
}
