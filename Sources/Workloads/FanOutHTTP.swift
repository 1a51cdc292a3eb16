// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

extension Workloads {
    /// A page assembled from the replies of several servers: the latency that the scheduler adds to the delay of the
    /// slowest of them.
    ///
    /// The front end and the back ends run on the measured scheduler and speak HTTP over TCP. An open-loop load
    /// generator sends requests at a given rate, whether or not earlier ones have completed. The delays are known in
    /// advance. The longest of a request is subtracted from its latency: it takes most of it, is the same under every
    /// scheduler, and would hide their differences. The standard rate saturates none of them.
    ///
    /// A row pools the requests of its processes, of which four make 1,000: ten of them lie beyond the 99th percentile.
    static let fanOutHTTP = Workload(
        name: "fan-out-http",
        summary: "HTTP requests that each fan out to several servers with random delays, under an open-loop load.",
        parameters: [
            Parameter("fan-out", "back ends per request", default: 5, quick: 2, in: 1...256),
            Parameter("requests", "requests in a run", default: 250, quick: 200, in: 1...10_000_000),
            Parameter("rate", "requests per second", default: 1_000, quick: 1_000, in: 1...1_000_000),
            Parameter(
                "delay",
                "mean delay of a back end, in microseconds",
                default: 1_000,
                quick: 1_000,
                in: 1...10_000_000
            ),
            Parameter("connections", "client connections", default: 32, quick: 32, in: 1...10_000),
        ],
        operation: "request",
        metric: "added-latency",
        quantity: .waits(.addedLatency),
        isServer: true,
        serverLoad: { FanOut($0).load },
        warmUp: ["requests": 50],
        operations: { $0["requests"] },
        expected: { $0["requests"] },
        run: { parameters, observer in try await FanOut(parameters).run(observer) }
    )
}

/// One run: the back ends, the front end, and the load generator.
private struct FanOut {
    private let width: Int
    private let delay: Int
    private let loop: RequestLoop

    init(_ parameters: Parameters) {
        width = parameters["fan-out"]
        delay = parameters["delay"]
        loop = RequestLoop(
            requests: parameters["requests"],
            clients: parameters["connections"],
            interval: .seconds(1) / parameters["rate"]
        )
    }

    func run(_ observer: any Observer) async throws -> Int {
        var servers: [RunningServer] = []
        let answers = try await withCleanup({ for server in servers { try await server.stop() } }) {
            for number in 0..<width { servers.append(try await back(number)) }
            servers.append(try await front(servers.map { RunningServer.root($0.port) }))
            let answers = try await observer.load(load.program(servers[width].port)).measure(observer)
            HTTPClient.shared.closeIdleConnections()
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

    /// A server that queries all back ends concurrently and replies with the sum.
    private func front(_ roots: [String]) async throws -> RunningServer {
        try await RunningServer.start(computing: { request in
            let replies = Channel<UInt64>("replies")
            for root in roots {
                Tasklet.spawn("get page") {
                    let page = try? await getPage("\(root)\(request)")
                    try await replies.send(page.flatMap { UInt64($0.text) } ?? 0)
                }
            }
            var sum: UInt64 = 0
            for _ in roots { sum &+= try await replies.receive() }
            return sum
        })
    }
}
