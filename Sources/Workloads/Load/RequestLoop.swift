// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// The requests of several clients; each client sends its share one after another.
struct RequestLoop: Sendable, Codable {
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
        return LoadResult(right: right.sum, latency: latency.all, uncorrected: interval == nil ? [] : uncorrected.all)
    }
}
