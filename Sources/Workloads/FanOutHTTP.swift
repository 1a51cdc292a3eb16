// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTP
import Tasklets

extension Workloads {
    /// A page that is made from the replies of many servers: what the slowest of them, and the scheduler, cost.
    ///
    /// Front and back servers all run under the measured scheduler, and speak HTTP with each other over TCP. Requests come
    /// from elsewhere at a given rate, whatever becomes of those before: an open loop.
    static let fanOutHTTP = Workload(
        name: "fan-out-http",
        summary: "HTTP requests that each ask several servers with random delays, at a given rate: an open loop.",
        parameters: [
            Parameter("fan-out", "servers that each request asks", default: 8, quick: 8, in: 1...256),
            Parameter("requests", "requests", default: 100, quick: 50, in: 1...10_000_000),
            Parameter("rate", "requests in a second", default: 500, quick: 500, in: 1...1_000_000),
            Parameter(
                "delay",
                "mean delay of a server, in microseconds",
                default: 1_000,
                quick: 1_000,
                in: 1...10_000_000
            ),
            Parameter("connections", "connections that the requests come by", default: 32, quick: 32, in: 1...10_000),
        ],
        operation: "request",
        metric: "latency",
        quantity: .waits(.latency),
        operations: { $0["requests"] },
        expected: { $0["requests"] },
        run: { parameters, observer in try await FanOut(parameters).run(observer) }
    )
}

/// One run: the back servers, the front server, and the load.
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
        let answers = try await ending({ for server in servers { try await server.stop() } }) {
            for number in 0..<width { servers.append(try await back(number)) }
            servers.append(try await front(servers.map(\.root)))
            let answers = try await measure(servers[width], observer)
            HTTPClient.shared.closeIdleConnections()
            return answers
        }
        observer.record(answers, isOpen: true)
        return answers.right
    }

    private func measure(_ front: RunningServer, _ observer: any Observer) async throws -> LoadResult {
        let load = Load()
        let result = try load.run(observer) { [loop, width] in
            let clients = try await PageClient.connect(loop.clients, to: front.root)
            let url = try PageURL(front.root)
            try await load.begin()
            return try await loop.run { client, request in
                let page = try await clients[client].get(PreparedRequest(.get, url.resolve("/\(request)")))
                return page == Answer.ofFront(request, width: width)
            }
        }
        return try await load.measure(observer, result)
    }

    /// A server that takes its time, and answers with a number.
    private func back(_ number: Int) async throws -> RunningServer {
        try await RunningServer.start(computing: { [delay] request in
            try await Tasklet.sleep(for: Answer.delay(request, of: number, mean: delay))
            return Answer.ofBack(request, number)
        })
    }

    /// A server that asks all the others at once, and answers with the sum.
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

/// What servers answer, and how long they take: the same in every run.
private enum Answer {
    static func ofBack(_ request: Int, _ number: Int) -> UInt64 {
        var dice = Dice(seed: UInt64(request) << 16 | UInt64(number))
        return dice.next() >> 8
    }

    static func ofFront(_ request: Int, width: Int) -> String {
        "\((0..<width).reduce(UInt64(0)) { $0 &+ ofBack(request, $1) })"
    }

    /// Exponentially distributed, which is what many independent causes add up to; cut off at eight times the mean.
    static func delay(_ request: Int, of number: Int, mean: Int) -> Duration {
        var dice = Dice(seed: UInt64(request) << 16 | UInt64(number) | 1 << 62)
        let uniform = Double(dice.next() >> 11) / Double(1 << 53)
        return .nanoseconds(Int64(Double(mean) * 1_000 * min(8, -log(1 - uniform))))
    }
}
