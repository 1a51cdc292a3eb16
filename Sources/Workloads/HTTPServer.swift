// SPDX-License-Identifier: Apache-2.0

import HTTP
import Tasklets

extension Workloads {
    /// Clients that ask a server for a small page, each for the next when it has the last: a closed loop.
    static let httpServer = Workload(
        name: "http-server",
        summary: "An HTTP server under closed-loop load from another scheduler, on another core where there is one.",
        parameters: [
            Parameter("connections", "connections at the same time", default: 32, quick: 16, in: 1...10_000),
            Parameter("requests", "requests of all together", default: 2_000, quick: 500, in: 1...100_000_000),
        ],
        operation: "request",
        metric: "request",
        operations: { $0["requests"] },
        expected: { $0["requests"] },
        run: { parameters, observer in
            let loop = RequestLoop(requests: parameters["requests"], clients: parameters["connections"])
            let server = try await RunningServer.start { try await $0.respond(.ok, PageClient.page) }
            let answers = try await ending(server.stop) {
                let load = Load()
                let result = try load.run(observer) {
                    let clients = try await PageClient.connect(loop.clients, to: server.root)
                    try await load.begin()
                    return try await loop.run { client, _ in try await clients[client].get() == PageClient.page }
                }
                return try await load.measure(observer, result)
            }
            observer.record(answers, isOpen: false)
            return answers.right
        }
    )
}

/// A client that keeps its connection, and asks for one page again and again.
struct PageClient: Sendable {
    static let page = "Hello, world!\n"

    private let connection: HTTPConnection
    private let request: PreparedRequest

    /// So many clients, all connected.
    static func connect(_ count: Int, to text: String) async throws -> [PageClient] {
        let url = try PageURL(text)
        let request = try PreparedRequest(.get, url)
        var clients: [PageClient] = []
        for _ in 0..<count {
            clients.append(PageClient(connection: try await HTTPConnection.connect(to: url), request: request))
        }
        return clients
    }

    /// Gets the page; nil where the reply is no page.
    func get() async throws -> String? { try await get(request) }

    /// Gets another page of the same server.
    func get(_ request: PreparedRequest) async throws -> String? {
        try await connection.exchange(request)
        guard connection.status == .ok else { return nil }
        return connection.withBody { $0.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
    }
}
