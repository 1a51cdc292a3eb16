// SPDX-License-Identifier: Apache-2.0

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
        serverLoad: { openLoop($0).load },
        warmUp: ["requests": 50],
        operations: { $0["requests"] },
        expected: { $0["requests"] },
        run: { try await openLoop($0).run(TaskletsFrontEnd(place: .tasklet), $1) }
    )

    private static func openLoop(_ parameters: Parameters) -> FanOut {
        let loop = RequestLoop(
            requests: parameters["requests"],
            clients: parameters["connections"],
            interval: .seconds(1) / parameters["rate"]
        )
        return FanOut(width: parameters["fan-out"], delay: parameters["delay"], loop: loop)
    }
}
