// SPDX-License-Identifier: Apache-2.0

import Tasklets

/// A run of a front end that needs pages of several back ends for each request: the servers, and the load generator.
struct FanOut: Sendable {
    /// How many back ends there are.
    let width: Int
    /// The mean delay of a back end, in microseconds.
    let delay: Int
    /// The requests.
    let loop: RequestLoop

    /// Runs it; returns the number of right replies.
    func run(_ frontEnd: some FrontEnd, _ observer: any Observer) async throws -> Int {
        var servers: [RunningServer] = []
        let answers = try await withCleanup({ for server in servers { try await server.stop() } }) {
            for number in 0..<width { servers.append(try await back(number)) }
            servers.append(try await front(frontEnd, servers.map { RunningServer.root($0.port) }))
            let answers = try await observer.load(load.program(servers[width].port)).measure(observer)
            frontEnd.closeIdleConnections()
            return answers
        }
        observer.record(answers, of: load)
        return answers.right
    }

    /// The clients of the front end.
    var load: ServerLoad {
        ServerLoad(waits: { [loop, width, delay] result in
            let delays = (0..<loop.requests).map { FanOutReplies.longestDelay($0, width: width, mean: delay) }
            return result.latencies.merging([.addedLatency: result.latency(beyond: delays)]) { $1 }
        }) { [loop, width] port in .fanOut(loop, width: width, port: port) }
    }

    /// A server that sleeps for a random time and replies with a number.
    private func back(_ number: Int) async throws -> RunningServer {
        try await RunningServer.start(computing: { [delay] request in
            try await Tasklet.sleep(for: FanOutReplies.delay(request, of: number, mean: delay))
            return FanOutReplies.ofBack(request, number)
        })
    }

    /// A server that replies with the sum of what all back ends reply.
    private func front(_ frontEnd: some FrontEnd, _ roots: [String]) async throws -> RunningServer {
        try await RunningServer.start(computing: { request in
            try await frontEnd.sum(of: roots.map { "\($0)\(request)" })
        })
    }
}
